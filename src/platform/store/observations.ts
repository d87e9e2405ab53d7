import { sql } from 'kysely';
import type { PixelBox } from '../../core/box.ts';
import type { Database, DatabaseTransaction } from './database.ts';

/** What a model saw, to be kept. */
export interface NewObservation {
  readonly siteId: string;
  readonly assetId?: string;
  readonly cameraId?: string;
  readonly seenAt: Date;
  /** Seconds from the start of the source. */
  readonly at: number;
  readonly class: string;
  /** 0..1. */
  readonly score: number;
  readonly box: PixelBox;
  readonly track?: string;
  readonly text?: string;
  readonly model: string;
  readonly modelDigest: string;
}

/**
 * Keeps a batch of observations and counts them into their hours; both or neither. Batches of some thousands are fastest.
 * Call {@link preparePartitions} for their months before, or they all land in one table.
 */
export async function keepObservations(
  tx: DatabaseTransaction,
  batch: readonly NewObservation[],
): Promise<void> {
  if (batch.length === 0) return;
  const column = <T>(value: (one: NewObservation) => T): T[] => batch.map(value);
  await sql`
    insert into observations
      (site_id, asset_id, camera_id, seen_at, at, class, score, box, track, text, model, model_digest)
    select * from unnest(
      ${column((one) => one.siteId)}::text[],
      ${column((one) => one.assetId ?? null)}::uuid[],
      ${column((one) => one.cameraId ?? null)}::uuid[],
      ${column((one) => one.seenAt)}::timestamptz[],
      ${column((one) => one.at)}::float8[],
      ${column((one) => one.class)}::text[],
      ${column((one) => one.score)}::float4[],
      ${column((one) => JSON.stringify(one.box))}::jsonb[],
      ${column((one) => one.track ?? null)}::text[],
      ${column((one) => one.text ?? null)}::text[],
      ${column((one) => one.model)}::text[],
      ${column((one) => one.modelDigest)}::text[])`.execute(tx);
  const hours = new Map<string, { site: string; hour: Date; name: string; count: number }>();
  for (const { siteId, seenAt, class: name } of batch) {
    const hour = new Date(Math.floor(seenAt.getTime() / HOUR_MS) * HOUR_MS);
    const key = JSON.stringify([siteId, hour, name]);
    const entry = hours.get(key) ?? { site: siteId, hour, name, count: 0 };
    entry.count += 1;
    hours.set(key, entry);
  }
  // Everybody takes the rows in one order, so that no two wait for each other.
  const sorted = [...hours.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  await tx
    .insertInto('observation_hours')
    .values(sorted.map(({ site, hour, name, count }) => ({ site_id: site, hour, class: name, count })))
    .onConflict((conflict) =>
      conflict
        .columns(['site_id', 'hour', 'class'])
        .doUpdateSet((eb) => ({ count: eb('observation_hours.count', '+', eb.ref('excluded.count')) })),
    )
    .execute();
}

/**
 * Forgets what was seen in assets, and takes it out of the counts: before models look again, or for good.
 * @param modelDigests of the models whose observations go; all of them when absent.
 */
export async function forgetObservations(
  tx: DatabaseTransaction,
  assets: readonly string[],
  modelDigests?: readonly string[],
): Promise<void> {
  const those = modelDigests === undefined ? sql`true` : sql`model_digest = any(${modelDigests}::text[])`;
  await sql`
    with gone as (
      delete from observations where asset_id = any(${assets}::uuid[]) and ${those}
      returning site_id, date_trunc('hour', seen_at, 'UTC') as hour, class
    ), counted as (
      select site_id, hour, class, count(*) as count from gone group by site_id, hour, class
    )
    update observation_hours h set count = h.count - c.count
    from counted c where h.site_id = c.site_id and h.hour = c.hour and h.class = c.class`.execute(tx);
}

const HOUR_MS = 3_600_000;
/** Any number will do, as long as it is the same everywhere. */
const PARTITION_LOCK = 7_210_412;

/**
 * Makes the partitions of all months that lie between two moments, both included, UTC. What came in for them before goes
 * there.
 * @returns how many were made.
 */
export async function preparePartitions(db: Database, from: Date, to: Date): Promise<number> {
  return db.transaction().execute(async (tx) => {
    let made = 0;
    await sql`select pg_advisory_xact_lock(${PARTITION_LOCK})`.execute(tx);
    for (let month = monthOf(from); month <= to; month = nextMonth(month)) {
      const name = `observations_${month.toISOString().slice(0, 7).replace('-', '_')}`;
      const { rows } = await sql<{ name: string | null }>`select to_regclass(${name})::text as name`.execute(
        tx,
      );
      if (typeof rows[0]?.name === 'string') continue;
      const early = await takeEarly(tx, month);
      await sql`
        create table ${sql.id(name)} partition of observations
        for values from (${sql.lit(month.toISOString())}) to (${sql.lit(nextMonth(month).toISOString())})
        with (autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05)`.execute(
        tx,
      );
      made += 1;
      if (!early) continue;
      await sql`insert into observations overriding system value select * from early_observations`.execute(
        tx,
      );
      await sql`drop table early_observations`.execute(tx);
    }
    return made;
  });
}

/**
 * No partition can be made while the default one holds rows of its month, such as those of a clock that was ahead. They are
 * put into a table `early_observations`.
 * @returns whether there were any.
 */
async function takeEarly(tx: DatabaseTransaction, month: Date): Promise<boolean> {
  const inMonth = sql`seen_at >= ${month} and seen_at < ${nextMonth(month)}`;
  const { rows } = await sql`select from observations_other where ${inMonth} limit 1`.execute(tx);
  if (rows.length === 0) return false;
  await sql`lock table observations_other in access exclusive mode`.execute(tx);
  await sql`
    create temporary table early_observations on commit drop as
    select * from observations_other where ${inMonth}`.execute(tx);
  await sql`delete from observations_other where ${inMonth}`.execute(tx);
  return true;
}

function monthOf(date: Date): Date {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1));
}

function nextMonth(month: Date): Date {
  return new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1));
}
