import { sql } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Database } from '../../platform/store/database.ts';
import { underRules } from '../rules.ts';
import type { PassageOutcome } from './tables.ts';
import { CAPTURE_KEYS, isSigned, readToken, tokenRefused } from './token.ts';

/** A lane at a site. */
export interface Lane {
  readonly site: string;
  readonly lane: string;
}

/**
 * Keeps that a face was captured under a token of the gate: once, at its lane, before it expires, while everything that
 * the gate asked for still holds.
 * @returns the passage.
 * @throws TidewaiterError `E_CAPTURE_TOKEN`, `E_GOVERNANCE`.
 */
export async function recordCapture(
  { db, keys, now }: Pick<Platform, 'db' | 'keys' | 'now'>,
  { token, by, ...at }: Lane & { readonly token: string; readonly by: string },
): Promise<string> {
  const claims = readToken(token, { ...at, keys: await keys.verifying(CAPTURE_KEYS), now: now() });
  await underRules(
    db.transaction().execute(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('capture_passages')
        .set({ captured_at: now() })
        .where('id', '=', claims.id)
        .where('captured_at', 'is', null)
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) throw tokenRefused('was used before, or is not known here');
      await append(tx, {
        ...{ kind: 'capture.captured', at: now(), actor: by, siteId: at.site },
        ...{
          subjects: { passage: claims.id, permit: claims.permit },
          facts: { use: claims.use, lane: at.lane },
        },
      });
    }),
  );
  return claims.id;
}

/** How a traveller was served, by whichever process. */
export interface Service {
  /** From joining the line to being served. */
  readonly waitedSeconds: number;
  readonly processedSeconds: number;
  readonly outcome: PassageOutcome;
}

/**
 * Keeps that the service which began with the question of a passage is complete.
 * @throws TidewaiterError `E_GOVERNANCE_UNKNOWN` for one that is not there or complete already.
 */
export async function completePassage(
  db: Database,
  {
    id,
    site,
    lane,
    by,
    now,
    ...service
  }: Lane & Service & { readonly id: string; readonly by: string; readonly now: Date },
): Promise<void> {
  await underRules(
    db.transaction().execute(async (tx) => {
      const row = await tx
        .updateTable('capture_passages')
        .set({
          ...{ waited_seconds: service.waitedSeconds, processed_seconds: service.processedSeconds },
          ...{ outcome: service.outcome, completed_at: now },
        })
        .where('id', '=', id)
        .where('site_id', '=', site)
        .where('lane', '=', lane)
        .where('completed_at', 'is', null)
        .returning(['use', 'verdict'])
        .executeTakeFirst();
      if (row === undefined)
        throw new TidewaiterError(
          'E_GOVERNANCE_UNKNOWN',
          'There is no such passage at this lane that is open',
          'Check the id, the site and the lane.',
        );
      await append(tx, {
        ...{ kind: 'capture.completed', at: now, actor: by, siteId: site, subjects: { passage: id } },
        facts: { use: row.use, lane, process: row.verdict },
      });
    }),
  );
}

/** How many passed a lane in a month, and how. */
export interface LaneCount {
  readonly month: string;
  readonly site: string;
  readonly lane: string;
  readonly use: string;
  /**
   * `captured`; `exempt` (captured under law enforcement's authority); `alternative` (opted out and served otherwise);
   * `offered` (the same, not complete); `not-used` (allowed and not captured); `refused`.
   */
  readonly kind: 'captured' | 'exempt' | 'alternative' | 'offered' | 'not-used' | 'refused';
  readonly passages: number;
}

/** Counts of all months, those whose passages are deleted included. @param sites of which; undefined for all. */
export async function laneCounts(db: Database, sites: readonly string[] | undefined): Promise<LaneCount[]> {
  const here = sites === undefined ? sql`true` : sql`site_id = any (${[...sites]})`;
  const { rows } = await sql<LaneCount>`
    select to_char(month, 'YYYY-MM') as month, site_id as site, lane, use, kind, sum(passages)::bigint as passages
    from (
      select month, site_id, lane, use, kind, passages from capture_counts
      union all
      select date_trunc('month', p.asked_at at time zone 'UTC')::date, p.site_id, p.lane, p.use, capture_kind(p), 1
      from capture_passages p
    ) counted where ${here} group by 1, 2, 3, 4, 5 order by 1 desc, 2, 3, 4, 5 limit 5000`.execute(db);
  return rows.map((row) => ({ ...row, passages: Number(row.passages) }));
}

/**
 * Captures that this installation's gate did not sign, though the database took them: there must be none.
 * @returns ids of passages, 100 at most.
 */
export async function unsignedCaptures({ db, keys }: Pick<Platform, 'db' | 'keys'>): Promise<string[]> {
  const known = await keys.verifying(CAPTURE_KEYS);
  const unsigned: string[] = [];
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows = await db
      .selectFrom('capture_passages')
      .select(['id', 'site_id', 'lane', 'use', 'purpose', 'permit_id', 'token_expires', 'signature'])
      .where('captured_at', 'is not', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(1000)
      .execute();
    for (const row of rows) {
      const claims = {
        ...{ id: row.id, site: row.site_id, lane: row.lane, use: row.use, purpose: row.purpose },
        ...{ permit: row.permit_id ?? '', expires: row.token_expires?.toISOString() ?? '' },
      };
      if (!isSigned(claims, row.signature ?? '', known)) unsigned.push(row.id);
      after = row.id;
    }
    if (rows.length < 1000 || unsigned.length >= 100) return unsigned.slice(0, 100);
  }
}
