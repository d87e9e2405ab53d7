import { sql } from 'kysely';
import type { Database } from '../../platform/store/database.ts';
import { holmAdjusted } from '../../stats/holm.ts';
import { wilsonInterval, type Interval } from '../../stats/intervals.ts';
import { fisherExact, mannWhitney, medianDifference, type MedianDifference } from './compare.ts';
import type { PassageOutcome } from './tables.ts';

/** Passages of each process that a lane needs before anything is said of it. */
export const PLANNED_SAMPLE = 60;
/** Overall chance of calling any lane of a fair use unequal. */
export const ALPHA = 0.05;
/** Passages of each process that are looked at, the newest. */
const MOST_PASSAGES = 2000;

/** How one process went at a lane. */
export interface Process {
  readonly passages: number;
  readonly referred: Share;
  readonly refused: Share;
}

/** A share of passages with its 95 % interval (Wilson). */
export interface Share extends Interval {
  readonly count: number;
}

export interface Comparison {
  readonly measure: 'waiting' | 'processing' | 'referred' | 'refused';
  /** Of those who opted out less those captured: seconds of the median, or share of passages; null when not estimable. */
  readonly difference: MedianDifference | null;
  /** Adjusted for all lanes and measures (Holm); null when not estimable. */
  readonly p: number | null;
  readonly verdict: 'worse' | 'better' | 'no-difference-found' | 'not-estimable';
  /** The same in words. */
  readonly finding: string;
}

/** Whether whoever opted out at a lane was served as well as whoever was captured. */
export interface LaneService {
  readonly site: string;
  readonly lane: string;
  readonly captured: Process;
  readonly optedOut: Process;
  readonly comparisons: Comparison[];
}

export interface EqualService {
  readonly use: string;
  readonly from: string;
  /** Passages of each process that a lane must have. */
  readonly planned: number;
  readonly lanes: LaneService[];
}

/** A traveller that was served. */
export interface Served {
  readonly site: string;
  readonly lane: string;
  readonly optedOut: boolean;
  readonly waited: number;
  readonly processed: number;
  readonly outcome: PassageOutcome;
}

/** Compares both processes of a use at every lane since a moment. */
export async function equalService(
  db: Database,
  {
    use,
    from,
    sites,
  }: { readonly use: string; readonly from: Date; readonly sites: readonly string[] | undefined },
): Promise<EqualService> {
  const here = sites === undefined ? sql`true` : sql`site_id = any (${[...sites]})`;
  const { rows } = await sql<Served>`
    select site, lane, "optedOut", waited, processed, outcome from (
      select site_id as site, lane, verdict = 'alternative' as "optedOut", waited_seconds as waited,
        processed_seconds as processed, outcome,
        row_number() over (partition by site_id, lane, verdict order by asked_at desc, id) as rank
      from capture_passages
      where use = ${use} and asked_at >= ${from} and completed_at is not null and ${here}
        and (verdict = 'alternative' or captured_at is not null)
    ) ranked where rank <= ${MOST_PASSAGES} order by site, lane, "optedOut", rank`.execute(db);
  return { use, from: from.toISOString(), planned: PLANNED_SAMPLE, lanes: compareLanes(rows) };
}

/** The comparisons of all lanes together, so that many lanes do not make a chance difference look real. */
export function compareLanes(served: readonly Served[], planned = PLANNED_SAMPLE): LaneService[] {
  const lanes = new Map<string, Served[]>();
  for (const one of served) {
    const key = JSON.stringify([one.site, one.lane]);
    lanes.set(key, [...(lanes.get(key) ?? []), one]);
  }
  const raw = [...lanes.values()].map((passages) => {
    const [out, captured] = [passages.filter((one) => one.optedOut), passages.filter((one) => !one.optedOut)];
    const enough = Math.min(out.length, captured.length) >= planned;
    return { first: passages[0]!, out, captured, tests: enough ? test(out, captured) : [] };
  });
  const adjusted = holmAdjusted(raw.flatMap(({ tests }) => tests.map(({ p }) => p)));
  let next = 0;
  return raw.map(({ first: { site, lane }, out, captured, tests }) => ({
    ...{ site, lane, captured: processOf(captured), optedOut: processOf(out) },
    comparisons:
      tests.length > 0
        ? tests.map(({ measure, difference }) => say(measure, difference, adjusted[next++]!))
        : measures.map((measure) => tooFew(measure, Math.min(out.length, captured.length), planned)),
  }));
}

type Measure = Comparison['measure'];
const measures: readonly Measure[] = ['waiting', 'processing', 'referred', 'refused'];

interface Test {
  readonly measure: Measure;
  readonly difference: MedianDifference;
  readonly p: number;
}

function test(out: readonly Served[], captured: readonly Served[]): Test[] {
  const seconds = (measure: Measure, of: (one: Served) => number): Test => {
    const [first, second] = [out.map(of), captured.map(of)];
    const seed = `${measure}/${out[0]?.site}/${out[0]?.lane}`;
    return { measure, difference: medianDifference(first, second, { seed }), p: mannWhitney(first, second) };
  };
  return [
    seconds('waiting', ({ waited }) => waited),
    seconds('processing', ({ processed }) => processed),
    ...(['referred', 'refused'] as const).map((outcome) => shares(outcome, out, captured)),
  ];
}

/**
 * Difference of two shares with the interval of R. G. Newcombe (Statistics in Medicine 17, 1998, method 10, from Wilson's
 * intervals). The test is exact: refusals are rare, and with few of them an approximation calls fair lanes unequal too often.
 */
function shares(outcome: 'referred' | 'refused', out: readonly Served[], captured: readonly Served[]): Test {
  const [a, b] = [processOf(out)[outcome], processOf(captured)[outcome]];
  const [p, q] = [a.count / out.length, b.count / captured.length];
  const difference = p - q;
  return {
    measure: outcome,
    difference: {
      difference,
      low: difference - Math.hypot(p - a.low, b.high - q),
      high: difference + Math.hypot(a.high - p, q - b.low),
    },
    p: fisherExact({ count: a.count, n: out.length }, { count: b.count, n: captured.length }),
  };
}

function processOf(served: readonly Served[]): Process {
  const share = (outcome: PassageOutcome): Share => {
    const count = served.filter((one) => one.outcome === outcome).length;
    return { count, ...wilsonInterval(count, served.length) };
  };
  return { passages: served.length, referred: share('referred'), refused: share('refused') };
}

const verbs: Readonly<Record<Measure, string>> = {
  waiting: 'waited',
  processing: 'were processed',
  referred: 'were referred',
  refused: 'were refused',
};

function say(measure: Measure, difference: MedianDifference, p: number): Comparison {
  // Means may differ in rank where medians do not: what is said of the median needs its interval to agree.
  const differs = p <= ALPHA && (difference.low > 0 || difference.high < 0);
  const verdict = !differs ? 'no-difference-found' : difference.difference > 0 ? 'worse' : 'better';
  const timed = measure === 'waiting' || measure === 'processing';
  const [unit, scale] = timed ? ['s', 1] : ['points', 100];
  const figure = (value: number): string =>
    `${value > 0 ? '+' : ''}${(value * scale).toFixed(timed ? 0 : 1)}`;
  const how = timed
    ? difference.difference > 0
      ? ' longer'
      : ' shorter'
    : difference.difference > 0
      ? ' more often'
      : ' less often';
  const figures = `${timed ? 'median ' : ''}${figure(difference.difference)} ${unit} (95 % CI ${figure(difference.low)} to ${figure(difference.high)}), p = ${p.toPrecision(2)} over all lanes`;
  const finding =
    verdict === 'no-difference-found'
      ? `No difference found in how travellers who opted out ${verbs[measure]}: ${figures}`
      : `Travellers who opted out ${verbs[measure]}${how}: ${figures}`;
  return { measure, difference, p, verdict, finding };
}

function tooFew(measure: Measure, have: number, planned: number): Comparison {
  const finding = `Not estimable: ${have} passages of one process, and ${planned} of each are planned`;
  return { measure, difference: null, p: null, verdict: 'not-estimable', finding };
}
