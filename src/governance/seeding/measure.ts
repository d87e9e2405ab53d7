import { sql } from 'kysely';
import type { Database } from '../../platform/store/database.ts';
import { wilsonInterval, type Interval } from '../../stats/intervals.ts';

/** A share with its 95 % interval (Wilson); no value without trials. */
export interface Share extends Interval {
  readonly value: number | null;
  readonly n: number;
}

/** How people dealt with findings that were seeded. */
export interface Override {
  /** Share of wrong seeds against which people decided. */
  readonly override: Share;
  /** Share of right seeds against which people decided: the control. */
  readonly rejectedRight: Share;
  /**
   * Share of wrong seeds that were accepted less share of right ones that were rejected: above 0 people lean to the machine,
   * below 0 against it. No value unless there are both.
   */
  readonly bias: Share;
}

/** Fewer people than this are never shown as a group. */
export const LEAST_PEOPLE = 5;

/** What an office sees of one use and month: never less than {@link LEAST_PEOPLE} people together. */
export interface GroupOverride {
  readonly use: string;
  /** First day of the month, UTC. */
  readonly month: string;
  readonly people: number;
  /** Absent when there were too few people. */
  readonly measured?: Override;
}

interface Counts {
  readonly wrong: number;
  readonly overridden: number;
  readonly right: number;
  readonly rejected: number;
}

const counted = sql<Counts>`
  count(*) filter (where m.truth = 'wrong')::int as wrong,
  count(*) filter (where m.truth = 'wrong' and not m.agreed)::int as overridden,
  count(*) filter (where m.truth = 'right')::int as "right",
  count(*) filter (where m.truth = 'right' and not m.agreed)::int as rejected`;

/** Per use and month, newest first. Groups that are too small are told without figures. */
export async function overrideByGroup(db: Database, from: Date): Promise<GroupOverride[]> {
  const { rows } = await sql<Counts & { use: string; month: string; people: number }>`
    select p.use, to_char(date_trunc('month', m.decided_at at time zone 'UTC'), 'YYYY-MM-DD') as month,
      count(distinct m.decided_by)::int as people, ${counted}
    from seed_marks m join seed_plans p on p.id = m.plan_id
    where m.counts and m.decided_at >= ${from}
    group by 1, 2 order by 2 desc, 1`.execute(db);
  return rows.map(({ use, month, people, ...counts }) => ({
    ...{ use, month, people },
    ...(people < LEAST_PEOPLE ? {} : { measured: measure(counts) }),
  }));
}

/** One's own figures, by use. Nobody else is shown them. */
export async function ownOverride(
  db: Database,
  person: string,
  from: Date,
): Promise<(Override & { readonly use: string })[]> {
  const { rows } = await sql<Counts & { use: string }>`
    select p.use, ${counted} from seed_marks m join seed_plans p on p.id = m.plan_id
    where m.counts and m.decided_by = ${person} and m.decided_at >= ${from}
    group by 1 order by 1`.execute(db);
  return rows.map(({ use, ...counts }) => ({ use, ...measure(counts) }));
}

/** The measures of some decided seeds. */
export function measure({ wrong, overridden, right, rejected }: Counts): Override {
  const accepted = shareOf(wrong - overridden, wrong);
  const rejectedRight = shareOf(rejected, right);
  return { override: shareOf(overridden, wrong), rejectedRight, bias: difference(accepted, rejectedRight) };
}

function shareOf(count: number, n: number): Share {
  return { value: n === 0 ? null : count / n, n, ...wilsonInterval(count, n) };
}

/**
 * The difference of two independent shares with the interval made of their Wilson intervals (R. G. Newcombe, Statistics in
 * Medicine 17, 1998, method 10).
 */
function difference(a: Share, b: Share): Share {
  const n = a.n + b.n;
  if (a.value === null || b.value === null) return { value: null, low: -1, high: 1, n };
  const value = a.value - b.value;
  return {
    ...{ value, n },
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  };
}
