import { z } from 'zod';
import { clopperPearsonInterval } from '../../stats/intervals.ts';
import { quantile } from '../../stats/quantiles.ts';

/** How far a use may move from what was accepted, as its charter says. */
export const driftBound = z.strictObject({
  /** Days that are looked at together. */
  days: z.int().min(1).max(366),
  /** Scores, and decisions, without which nothing is said. */
  sample: z.int().min(30),
  /** Most that the population stability index of scores may be; 0.25 is usual. */
  psi: z.number().positive().optional(),
  /** Most that the two-sample Kolmogorov-Smirnov distance of scores may be. */
  ks: z.number().gt(0).max(1).optional(),
  /** Least share of decided findings that people confirmed. */
  confirmed: z.number().gt(0).max(1).optional(),
});
export type DriftBound = z.infer<typeof driftBound>;

export const driftResult = z.object({
  scores: z.int(),
  psi: z.number().nullable(),
  ks: z.number().nullable(),
  decided: z.int(),
  /** Share of decided findings that people confirmed, with its exact 95 % interval. */
  confirmed: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
  /** Which bounds are broken, a sentence each. */
  beyond: z.array(z.string()),
});
export type DriftResult = z.infer<typeof driftResult>;

export interface DriftInput {
  /** Scores that were accepted; empty without a baseline. */
  readonly baseline: readonly number[];
  readonly scores: readonly number[];
  readonly confirmed: number;
  readonly decided: number;
}

/** Compares what a use did with its bound. Too few scores or decisions break nothing. */
export function measureDrift(
  { baseline, scores, confirmed, decided }: DriftInput,
  bound: DriftBound,
): DriftResult {
  const compared = Math.min(scores.length, baseline.length) >= bound.sample;
  const psi = compared ? stabilityIndex(baseline, scores) : null;
  const ks = compared ? ksDistance(baseline, scores) : null;
  const share =
    decided >= bound.sample
      ? { value: confirmed / decided, ...clopperPearsonInterval(confirmed, decided) }
      : null;
  const beyond = [
    ...(psi !== null && bound.psi !== undefined && psi > bound.psi
      ? [`the stability index of scores is ${psi.toFixed(3)}, more than ${bound.psi} (n = ${scores.length})`]
      : []),
    ...(ks !== null && bound.ks !== undefined && ks > bound.ks
      ? [
          `scores differ by ${ks.toFixed(3)} (Kolmogorov-Smirnov), more than ${bound.ks} (n = ${scores.length})`,
        ]
      : []),
    // The whole interval: one bad day by chance stops nothing.
    ...(share !== null && bound.confirmed !== undefined && share.high < bound.confirmed
      ? [
          `people confirmed ${confirmed} of ${decided} (95 % interval ${share.low.toFixed(3)} to ${share.high.toFixed(3)}), less than ${bound.confirmed}`,
        ]
      : []),
  ];
  return { scores: scores.length, psi, ks, decided, confirmed: share, beyond };
}

const BINS = 10;
/** Share that an empty bin is taken to hold, so that its logarithm exists. */
const EMPTY = 1e-4;

/**
 * Population stability index over tenths of the baseline: the sum of (now - then) ln(now / then) (N. Siddiqi, "Credit Risk
 * Scorecards", 2006, chapter 9). Tenths that coincide are one.
 */
export function stabilityIndex(baseline: readonly number[], scores: readonly number[]): number {
  const cuts = [
    ...new Set(Array.from({ length: BINS - 1 }, (_, index) => quantile(baseline, (index + 1) / BINS))),
  ];
  const [then, now] = [shares(baseline, cuts), shares(scores, cuts)];
  return then.reduce((sum, share, bin) => {
    const [was, is] = [Math.max(share, EMPTY), Math.max(now[bin] ?? 0, EMPTY)];
    return sum + (is - was) * Math.log(is / was);
  }, 0);
}

/** Shares of values up to the first cut, between cuts, and above the last. */
function shares(values: readonly number[], cuts: readonly number[]): number[] {
  const counts = new Array<number>(cuts.length + 1).fill(0);
  for (const value of values) {
    const above = cuts.findIndex((cut) => value <= cut);
    const bin = above < 0 ? cuts.length : above;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((count) => count / values.length);
}

/** Largest distance of the two empirical distributions (N. V. Smirnov, 1939). */
export function ksDistance(a: readonly number[], b: readonly number[]): number {
  const [left, right] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()];
  let [i, j, most] = [0, 0, 0];
  while (i < left.length && j < right.length) {
    const at = Math.min(left[i] ?? Infinity, right[j] ?? Infinity);
    while ((left[i] ?? Infinity) <= at) i++;
    while ((right[j] ?? Infinity) <= at) j++;
    most = Math.max(most, Math.abs(i / left.length - j / right.length));
  }
  return most;
}
