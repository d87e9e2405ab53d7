import { sql } from 'kysely';
import { append } from '../../platform/ledger/ledger.ts';
import type { Chore } from '../../platform/housekeeping/chore.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Database } from '../../platform/store/database.ts';
import type { Charter } from '../charters/charter.ts';
import { forgedNames, type Governed } from '../permits/seals.ts';
import { suspend, suspensionsOf } from '../permits/suspensions.ts';
import { scoresBetween } from './baseline.ts';
import { measureDrift, type DriftBound, type DriftResult } from './measure.ts';

const DAY_MS = 86_400_000;
/** A finding that a person turned down: there was nothing to it, or what was made of it has to be made again. */
const TURNED_DOWN = ['dismissed', 'returned'];
/** What was measured is measured again after this long although nothing came: days leave the span that is looked at. */
const STALE_MS = 3_600_000;
/** A row is older than the moment at which others see it, by the length of its transaction and what clocks differ. */
const LATE_MS = 300_000;

/** Looks at every use whose charter states a bound and of which something new came, so that a bad hour stops it in that hour. */
export function driftChore(platform: Pick<Platform, 'db' | 'keys' | 'now'>): Chore {
  const { db, now } = platform;
  return {
    name: 'drift',
    everySeconds: 30,
    run: async (signal) => {
      let [checked, suspended] = [0, 0];
      for (const { use, drift } of await boundsOf(platform, now())) {
        if (signal.aborted) break;
        if (!(await hasNews(db, use, now()))) continue;
        const { suspension } = await checkDrift(platform, use, drift, now());
        checked++;
        if (suspension !== undefined) suspended++;
      }
      return { checked, suspended };
    },
  };
}

/**
 * The bound of each use: that of the version that permits are given for, so that one which is only put before the offices takes
 * no bound away; of the newest where there is no permit.
 */
async function boundsOf({ db, keys }: Governed, now: Date): Promise<{ use: string; drift: DriftBound }[]> {
  const forged = await forgedNames(db, keys.seals);
  const { rows } = await sql<{ use: string; charter: Charter }>`
    select distinct on (r.use) r.use, r.charter from governance_registrations r
    where governance_counts('governance_registrations', r.id::text, r.seal, ${forged})
    order by r.use, exists (select 1 from governance_permits p where p.registration_id = r.id and p.revoked_at is null
      and p.expires > ${now}) desc, r.version desc`.execute(db);
  return rows.flatMap(({ use, charter: { drift } }) => (drift === undefined ? [] : [{ use, drift }]));
}

/** Whether a use might be measured otherwise than the last time. */
async function hasNews(db: Database, use: string, now: Date): Promise<boolean> {
  const last = await db
    .selectFrom('drift_checks')
    .select('checked_at')
    .where('use', '=', use)
    .orderBy('day', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last === undefined || now.getTime() - last.checked_at.getTime() >= STALE_MS) return true;
  const since = new Date(last.checked_at.getTime() - LATE_MS);
  const { rows } = await sql<{ news: boolean }>`
    select exists (select 1 from findings where use = ${use} and created_at >= ${since})
      or exists (select 1 from decisions d join findings f on f.id = d.finding_id
        where f.use = ${use} and d.created_at >= ${since})
      or exists (select 1 from drift_baselines where use = ${use} and set_at >= ${since})
      or exists (select 1 from governance_registrations where use = ${use} and registered_at >= ${since}) as news`.execute(
    db,
  );
  return rows[0]?.news === true;
}

/**
 * Measures a use and keeps the result of the day. Beyond its bound it is suspended, once: the people of the offices are named in the
 * suspension, and the ledger tells whoever follows it. What was decided before a suspension was lifted counts no more.
 */
export async function checkDrift(
  { db, keys }: Governed,
  use: string,
  bound: DriftBound,
  now: Date,
): Promise<{ readonly result: DriftResult; readonly suspension?: string }> {
  const lifted = (await suspensionsOf(db, keys.seals, use))
    .filter(({ cause }) => cause === 'drift')
    .map((one) => one.lifted_at?.getTime() ?? 0);
  const from = new Date(Math.max(now.getTime() - bound.days * DAY_MS, ...lifted));
  const baseline = await db
    .selectFrom('drift_baselines')
    .select('scores')
    .where('use', '=', use)
    .orderBy('place', 'desc')
    .limit(1)
    .executeTakeFirst();
  const result = measureDrift(
    {
      baseline: baseline?.scores ?? [],
      scores: await scoresBetween(db, use, from, now),
      ...(await decisionsBetween(db, use, from, now)),
    },
    bound,
  );
  const suspension = await db.transaction().execute(async (tx) => {
    const stands = (await suspensionsOf(tx, keys.seals, use)).some((one) => one.lifted_at === null);
    const made =
      result.beyond.length > 0 && !stands
        ? await suspend(tx, {
            ...{ use, cause: 'drift', by: 'system', now },
            reason: `It moved beyond the bound of its charter: ${result.beyond.join('; ')}.`,
          })
        : undefined;
    const kept = { result: JSON.stringify(result), checked_at: now };
    await tx
      .insertInto('drift_checks')
      .values({ use, day: now.toISOString().slice(0, 10), ...kept, suspension_id: made?.id ?? null })
      .onConflict((conflict) =>
        conflict
          .columns(['use', 'day'])
          .doUpdateSet({ ...kept, ...(made === undefined ? {} : { suspension_id: made.id }) }),
      )
      .execute();
    if (made !== undefined)
      await append(tx, {
        ...{ kind: 'governance.drifted', at: now, actor: 'system', subjects: { suspension: made.id } },
        facts: { use, bounds: result.beyond.length, scores: result.scores, decided: result.decided },
      });
    return made?.id;
  });
  return { result, ...(suspension === undefined ? {} : { suspension }) };
}

/** Findings that people decided in a span, and how many of them they did not turn down; the newest decision counts. */
async function decisionsBetween(
  db: Database,
  use: string,
  from: Date,
  to: Date,
): Promise<{ decided: number; confirmed: number }> {
  const { rows } = await sql<{ decided: number; confirmed: number }>`
    select count(*)::int as decided, (count(*) filter (where disposition <> all (${TURNED_DOWN})))::int as confirmed
    from (select distinct on (d.finding_id) d.disposition from decisions d join findings f on f.id = d.finding_id
      where f.use = ${use} and d.created_at >= ${from} and d.created_at < ${to}
      order by d.finding_id, d.created_at desc, d.id desc) newest`.execute(db);
  return rows[0] ?? { decided: 0, confirmed: 0 };
}
