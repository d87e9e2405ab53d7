import { type ColumnType, type Generated, type JSONColumnType, sql } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Database } from '../../platform/store/database.ts';
import type { DriftResult } from './measure.ts';

interface DriftBaselinesTable {
  readonly place: Generated<number>;
  readonly use: string;
  readonly scores: readonly number[];
  readonly from_at: Date;
  readonly to_at: Date;
  readonly set_by: string;
  readonly set_at: Date;
}

interface DriftChecksTable {
  readonly use: string;
  /** `2026-11-22`. */
  readonly day: ColumnType<string, string, string>;
  readonly result: JSONColumnType<DriftResult>;
  readonly suspension_id: string | null;
  readonly checked_at: Date;
}

declare module '../../platform/store/tables.ts' {
  interface Tables {
    drift_baselines: DriftBaselinesTable;
    drift_checks: DriftChecksTable;
  }
}

/** Scores that are compared at most, spread over the whole span. */
export const MOST_SCORES = 20_000;
const LEAST_SCORES = 30;

/** Scores of the findings of a use from one moment to another, a fair sample when there are very many. */
export async function scoresBetween(db: Database, use: string, from: Date, to: Date): Promise<number[]> {
  const { rows } = await sql<{ score: number }>`
    select score from findings where use = ${use} and score is not null and created_at >= ${from} and created_at < ${to}
    order by md5(id::text) limit ${MOST_SCORES}`.execute(db);
  return rows.map(({ score }) => score);
}

/**
 * Takes the scores of a span of time as those that were accepted. The newest baseline counts.
 * @returns how many scores it holds.
 * @throws TidewaiterError `E_DRIFT_BASELINE` for fewer than 30.
 */
export async function setBaseline(
  db: Database,
  {
    use,
    from,
    to,
    by,
    now,
  }: {
    readonly use: string;
    readonly from: Date;
    readonly to: Date;
    readonly by: string;
    readonly now: Date;
  },
): Promise<number> {
  const scores = from < to ? await scoresBetween(db, use, from, to) : [];
  if (scores.length < LEAST_SCORES)
    throw new TidewaiterError(
      'E_DRIFT_BASELINE',
      `The use ${use} has ${scores.length} findings with a score then; ${LEAST_SCORES} are needed`,
      'Choose a longer span.',
    );
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('drift_baselines')
      .values({ use, scores, from_at: from, to_at: to, set_by: by, set_at: now })
      .execute();
    await append(tx, {
      ...{ kind: 'governance.drift-baseline', at: now, actor: by, subjects: {} },
      facts: { use, scores: scores.length },
    });
  });
  return scores.length;
}
