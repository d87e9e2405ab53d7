import { sql } from 'kysely';
import { z } from 'zod';
import { sha256 } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Database } from '../../platform/store/database.ts';
import type { Seals } from '../../platform/secrets/seals.ts';
import { clopperPearsonInterval, wilsonInterval, type Interval } from '../../stats/intervals.ts';
import { countedTest, forgedNames, type Governed } from '../permits/seals.ts';
import { underRules } from '../rules.ts';

const rate = z.object({ errors: z.int().min(0), n: z.int().min(0) });
/** What is read of the report of a face test; the rest of it is the bench's. */
const reportSchema = z.object({
  claims: z.object({
    format: z.literal('tidewaiter-face-test-1'),
    simulated: z.boolean(),
    groups: z
      .array(z.object({ name: z.string().min(1).max(200), fmr: rate, fnmr: rate }))
      .min(1)
      .max(200),
  }),
});

/**
 * Takes the tables by group out of the report of a test. Only the very file that the test was recorded with is taken.
 * @returns how many groups.
 * @throws TidewaiterError `E_GROUP_TABLE`, `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`.
 */
export async function recordGroupTable(
  { db, keys }: Governed,
  {
    test,
    report,
    by,
    now,
  }: { readonly test: string; readonly report: string; readonly by: string; readonly now: Date },
): Promise<number> {
  const claims = reportSchema.safeParse(parsed(report)).data?.claims;
  return underRules(
    db.transaction().execute(async (tx) => {
      const recorded = await tx
        .selectFrom('governance_tests')
        .select(['report_digest', 'use'])
        .where('id', '=', test)
        .executeTakeFirst();
      if (recorded === undefined)
        throw new TidewaiterError('E_GOVERNANCE_UNKNOWN', 'There is no such test', 'Check the id.');
      if (claims === undefined || sha256(report) !== recorded.report_digest)
        throw new TidewaiterError(
          'E_GROUP_TABLE',
          'This is not the report that the test was recorded with, or it has no table by group',
          'Give the report.json of the test, unchanged.',
        );
      const said = claims.groups.flatMap(({ name, fmr, fnmr }) =>
        Object.entries({ fmr, fnmr }).map(([metric, { errors, n }]) => ({
          ...{ test_id: test, group_name: name, metric: metric as 'fmr' | 'fnmr', errors, trials: n },
          simulated: claims.simulated,
        })),
      );
      const seal = keys.seals.make(SEALED, factsOf(said));
      await tx
        .insertInto('oversight_group_rates')
        .values(said.map((row) => ({ ...row, seal })))
        // A table without a seal is from before there were any, or from elsewhere: its seal holds only where it says the same.
        .onConflict((key) =>
          key
            .columns(['test_id', 'group_name', 'metric'])
            .doUpdateSet({ seal })
            .where('oversight_group_rates.seal', 'is', null),
        )
        .execute();
      await append(tx, {
        ...{ kind: 'oversight.group-table', at: now, actor: by, subjects: { test } },
        facts: { use: recorded.use, groups: claims.groups.length },
      });
      return claims.groups.length;
    }),
  );
}

/** A share of trials with its 95 % interval. */
export interface Rate extends Interval {
  readonly count: number;
  readonly trials: number;
  /** Null without trials. */
  readonly rate: number | null;
}

/** The newest table by group of a test of a use: never a figure of a person. */
export interface GroupTable {
  readonly test: string;
  readonly kind: string;
  readonly modelDigest: string;
  readonly testedAt: string;
  readonly simulated: boolean;
  readonly groups: { readonly name: string; readonly fmr: Rate; readonly fnmr: Rate }[];
  /** Four-fifths rule on true matches, which people experience. */
  readonly fourFifths: FourFifths;
}

/** Share of people who passed with no more than was planned, by the process they went through. */
export interface OutcomeTable {
  readonly groups: { readonly name: 'captured' | 'opted-out'; readonly passed: Rate }[];
  readonly fourFifths: FourFifths;
}

/** Lowest over highest share of a good outcome. Below 0.8 it deserves a look; it is no verdict. */
export interface FourFifths {
  /** Null when not estimable. */
  readonly ratio: number | null;
  readonly verdict: 'kept' | 'below' | 'not-estimable';
}

/** Trials that each group needs for the four-fifths rule. */
export const FOUR_FIFTHS_TRIALS = 30;

const SEALED = 'oversight_group_rates';

interface GroupRate {
  readonly test_id: string;
  readonly group_name: string;
  readonly metric: string;
  readonly errors: number;
  readonly trials: number;
  readonly simulated: boolean;
}

/** What a table by group says, in an order of its own: each of its rows has the seal of it all, so that none is changed, left out or added. */
function factsOf(rows: readonly GroupRate[]): string {
  const lines = rows.map(({ test_id, group_name, metric, errors, trials, simulated }) =>
    JSON.stringify([test_id, group_name, metric, errors, trials, simulated]),
  );
  return lines.sort().join('\n');
}

function isOurs(seals: Seals, rows: readonly (GroupRate & { readonly seal: string | null })[]): boolean {
  const facts = factsOf(rows);
  return rows.every(({ seal }) => seals.holds(SEALED, facts, seal));
}

/** The newest test tables by group of a use, of tests and tables that this installation recorded, and outcomes since `from`. */
export async function disparityWatch(
  { db, keys }: Governed,
  { use, from }: { readonly use: string; readonly from: Date },
): Promise<{ readonly tests: GroupTable[]; readonly outcomes: OutcomeTable }> {
  const forged = await forgedNames(db, keys.seals, use);
  const rates = await db
    .selectFrom('oversight_group_rates as g')
    .innerJoin('governance_tests as t', 't.id', 'g.test_id')
    .select(['g.test_id', 'g.group_name', 'g.metric', 'g.errors', 'g.trials', 'g.simulated', 'g.seal'])
    .select(['t.kind', 't.model_digest', 't.tested_at'])
    .where('t.use', '=', use)
    // Of each kind and model the newest test that has a table.
    .where(
      't.place',
      'in',
      sql<number>`(select distinct on (n.kind, n.model_digest) n.place from governance_tests n where n.use = ${use}
        and ${countedTest(forged)} and exists (select 1 from oversight_group_rates h where h.test_id = n.id and h.seal is not null)
        order by n.kind, n.model_digest, n.place desc)`,
    )
    .orderBy('t.place', 'desc')
    .orderBy('g.group_name')
    .execute();
  const tests = [...new Set(rates.map((row) => row.test_id))].flatMap((test): GroupTable[] => {
    const rows = rates.filter((row) => row.test_id === test);
    const [first] = rows as [(typeof rows)[number]];
    if (!isOurs(keys.seals, rows)) return [];
    const groups = [...new Set(rows.map((row) => row.group_name))].map((name) => {
      const find = (metric: 'fmr' | 'fnmr'): Rate => {
        const row = rows.find((one) => one.group_name === name && one.metric === metric);
        return rateOf(row?.errors ?? 0, row?.trials ?? 0, (k, n) => clopperPearsonInterval(k, n));
      };
      return { name, fmr: find('fmr'), fnmr: find('fnmr') };
    });
    const matched = groups.map(({ fnmr }) => ({ good: fnmr.trials - fnmr.count, trials: fnmr.trials }));
    return [
      {
        ...{ test, kind: first.kind, modelDigest: first.model_digest, simulated: first.simulated, groups },
        ...{ testedAt: first.tested_at.toISOString(), fourFifths: fourFifths(matched) },
      },
    ];
  });
  return { tests, outcomes: await outcomesOf(db, use, from) };
}

async function outcomesOf(db: Database, use: string, from: Date): Promise<OutcomeTable> {
  const { rows } = await sql<{ out: boolean; passed: number; trials: number }>`
    select verdict = 'alternative' as out, count(*) filter (where outcome = 'passed') as passed, count(*) as trials
    from capture_passages where use = ${use} and asked_at >= ${from} and completed_at is not null
      and (verdict = 'alternative' or captured_at is not null) group by 1`.execute(db);
  const groups = [false, true].map((out) => {
    const row = rows.find((one) => one.out === out);
    const passed = rateOf(Number(row?.passed ?? 0), Number(row?.trials ?? 0), (k, n) => wilsonInterval(k, n));
    return { name: out ? ('opted-out' as const) : ('captured' as const), passed };
  });
  return {
    groups,
    fourFifths: fourFifths(groups.map(({ passed }) => ({ good: passed.count, trials: passed.trials }))),
  };
}

function rateOf(count: number, trials: number, interval: (count: number, trials: number) => Interval): Rate {
  return { count, trials, rate: trials === 0 ? null : count / trials, ...interval(count, trials) };
}

/** The four-fifths rule (29 CFR 1607.4 D), on outcomes that people experience. */
export function fourFifths(
  groups: readonly { readonly good: number; readonly trials: number }[],
): FourFifths {
  const shares = groups.map(({ good, trials }) => good / trials);
  const highest = Math.max(...shares);
  if (groups.length < 2 || groups.some(({ trials }) => trials < FOUR_FIFTHS_TRIALS) || highest === 0)
    return { ratio: null, verdict: 'not-estimable' };
  const ratio = Math.min(...shares) / highest;
  return { ratio, verdict: ratio >= 0.8 ? 'kept' : 'below' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
