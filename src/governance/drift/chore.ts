import { sql } from 'kysely';
import { append } from '../../platform/ledger/ledger.ts';
import type { Chore } from '../../platform/housekeeping/chore.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Database } from '../../platform/store/database.ts';
import type { Charter } from '../charters/charter.ts';
import { suspend } from '../permits/suspensions.ts';
import { scoresBetween } from './baseline.ts';
import { measureDrift, type DriftBound, type DriftResult } from './measure.ts';

const DAY_MS = 86_400_000;
/** What a person decides when there was nothing to a finding. */
const DISMISSED = 'dismissed';

/** Looks at every use whose charter states a bound, hourly, so that a bad day stops a use on that day. */
export function driftChore({ db, now }: Pick<Platform, 'db' | 'now'>): Chore {
  return {
    name: 'drift',
    everySeconds: 3600,
    run: async (signal) => {
      let [checked, suspended] = [0, 0];
      for (const { use, drift } of await boundsOf(db)) {
        if (signal.aborted) break;
        const { suspension } = await checkDrift(db, use, drift, now());
        checked++;
        if (suspension !== undefined) suspended++;
      }
      return { checked, suspended };
    },
  };
}

/** Bounds of the newest registered version of each use. */
async function boundsOf(db: Database): Promise<{ use: string; drift: DriftBound }[]> {
  const rows = await db
    .selectFrom('governance_registrations')
    .distinctOn('use')
    .select(['use', 'charter'])
    .orderBy('use')
    .orderBy('version', 'desc')
    .execute();
  return rows.flatMap(({ use, charter }) => {
    const { drift } = charter as Pick<Charter, 'drift'>;
    return drift === undefined ? [] : [{ use, drift }];
  });
}

/**
 * Measures a use and keeps the result of the day. Beyond its bound it is suspended, once: the people of the offices are named in the
 * suspension, and the ledger tells whoever follows it. What was decided before a suspension was lifted counts no more.
 */
export async function checkDrift(
  db: Database,
  use: string,
  bound: DriftBound,
  now: Date,
): Promise<{ readonly result: DriftResult; readonly suspension?: string }> {
  const lifted = await db
    .selectFrom('governance_suspensions')
    .select((eb) => eb.fn.max('lifted_at').as('at'))
    .where('use', '=', use)
    .where('cause', '=', 'drift')
    .executeTakeFirst();
  const from = new Date(Math.max(now.getTime() - bound.days * DAY_MS, lifted?.at?.getTime() ?? 0));
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
    const { rows } =
      await sql`select 1 from governance_suspensions where use = ${use} and lifted_at is null limit 1`.execute(
        tx,
      );
    const made =
      result.beyond.length > 0 && rows.length === 0
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

/** Findings that people decided in a span, and how many of them they did not dismiss; the newest decision counts. */
async function decisionsBetween(
  db: Database,
  use: string,
  from: Date,
  to: Date,
): Promise<{ decided: number; confirmed: number }> {
  const { rows } = await sql<{ decided: number; confirmed: number }>`
    select count(*)::int as decided, (count(*) filter (where disposition <> ${DISMISSED}))::int as confirmed
    from (select distinct on (d.finding_id) d.disposition from decisions d join findings f on f.id = d.finding_id
      where f.use = ${use} and d.created_at >= ${from} and d.created_at < ${to}
      order by d.finding_id, d.created_at desc, d.id desc) newest`.execute(db);
  return rows[0] ?? { decided: 0, confirmed: 0 };
}
