/**
 * Similarity scores of a biometric test: comparisons of two captures of one subject (mated) and of two subjects
 * (non-mated). A comparison is a match when its score is at least the threshold (ISO/IEC 19795-1).
 */
export interface ComparisonScores {
  /** Ascending. */
  readonly mated: Float64Array;
  /** Ascending. */
  readonly nonmated: Float64Array;
}

/** Counts at one threshold. */
export interface ErrorCounts {
  readonly falseMatches: number;
  readonly nonmated: number;
  readonly falseNonMatches: number;
  readonly mated: number;
}

/** One point of a detection error trade-off curve. */
export interface ErrorPoint {
  readonly threshold: number;
  /** False match rate, 0..1. */
  readonly fmr: number;
  /** False non-match rate, 0..1. */
  readonly fnmr: number;
}

/**
 * Sorts scores for what follows. Infinite scores are allowed: some matchers give them.
 * @throws RangeError for a score that is no number.
 */
export function sortScores(mated: Iterable<number>, nonmated: Iterable<number>): ComparisonScores {
  return { mated: sorted(mated, 'mated'), nonmated: sorted(nonmated, 'non-mated') };
}

function sorted(scores: Iterable<number>, kind: string): Float64Array {
  const values = Float64Array.from(scores).sort();
  // Sorting puts what is no number last.
  if (Number.isNaN(values.at(-1))) throw new RangeError(`a ${kind} score is no number`);
  return values;
}

/** How many comparisons go wrong at a threshold: exact counts. */
export function errorCounts({ mated, nonmated }: ComparisonScores, threshold: number): ErrorCounts {
  return {
    falseMatches: nonmated.length - countBelow(nonmated, threshold),
    nonmated: nonmated.length,
    falseNonMatches: countBelow(mated, threshold),
    mated: mated.length,
  };
}

/** The point of the curve at a threshold. A rate of no comparisons is not a number. */
export function errorPoint(scores: ComparisonScores, threshold: number): ErrorPoint {
  const counts = errorCounts(scores, threshold);
  return {
    threshold,
    fmr: counts.falseMatches / counts.nonmated,
    fnmr: counts.falseNonMatches / counts.mated,
  };
}

/**
 * The operating point for a false match rate: the smallest observed score whose rate is at most the target, so that ties
 * never push the rate above it.
 * @param target 0..1
 * @returns undefined when even the highest observed score lets more pass: the test does not reach that far.
 */
export function thresholdAtFmr(scores: ComparisonScores, target: number): number | undefined {
  const { mated, nonmated } = scores;
  const allowed = Math.floor(target * nonmated.length + ROUNDING);
  // The score below which all but the allowed ones lie; scores equal to it would pass with it.
  const last = nonmated[nonmated.length - 1 - allowed];
  if (last === undefined) return lowest(mated[0], nonmated[0]);
  const above = (values: Float64Array): number | undefined => values[countUpTo(values, last)];
  return lowest(above(mated), above(nonmated));
}

/** A target is a decimal fraction, and its product with a count may miss a whole number by a hair. */
const ROUNDING = 1e-9;

/** All points of the curve, one for each observed score, ascending. */
export function* errorCurve({ mated, nonmated }: ComparisonScores): Generator<ErrorPoint> {
  let [m, n] = [0, 0];
  while (m < mated.length || n < nonmated.length) {
    const threshold = Math.min(mated[m] ?? Infinity, nonmated[n] ?? Infinity);
    yield { threshold, fmr: (nonmated.length - n) / nonmated.length, fnmr: m / mated.length };
    while (m < mated.length && mated[m] === threshold) m += 1;
    while (n < nonmated.length && nonmated[n] === threshold) n += 1;
  }
}

/** Where the two rates cross. They are steps, so that the crossing is an interval and the rate its middle. */
export interface EqualErrorRate {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Equal error rate as in D. Maio et al., "FVC2000: Fingerprint Verification Competition", IEEE PAMI 24(3), 2002,
 * section 4.1.
 * @returns undefined without scores of both kinds.
 */
export function equalErrorRate(scores: ComparisonScores): EqualErrorRate | undefined {
  if (scores.mated.length === 0 || scores.nonmated.length === 0) return undefined;
  let before: ErrorPoint = { threshold: -Infinity, fmr: 1, fnmr: 0 };
  let after: ErrorPoint = { threshold: Infinity, fmr: 0, fnmr: 1 };
  for (const point of errorCurve(scores)) {
    if (point.fnmr <= point.fmr) before = point;
    if (point.fnmr >= point.fmr) {
      after = point;
      break;
    }
  }
  const { fmr, fnmr } = before.fmr + before.fnmr <= after.fmr + after.fnmr ? before : after;
  const [low, high] = [Math.min(fmr, fnmr), Math.max(fmr, fnmr)];
  return { rate: (low + high) / 2, low, high };
}

/**
 * Area under the receiver operating characteristic: the chance that a mated comparison scores above a non-mated one, ties
 * counted half (Mann and Whitney). Not a number without scores of both kinds.
 */
export function areaUnderCurve({ mated, nonmated }: ComparisonScores): number {
  let [wins, below, upTo] = [0, 0, 0];
  for (const score of mated) {
    while (below < nonmated.length && nonmated[below]! < score) below += 1;
    while (upTo < nonmated.length && nonmated[upTo]! <= score) upTo += 1;
    wins += (below + upTo) / 2;
  }
  return wins / (mated.length * nonmated.length);
}

/** How many of ascending values are below a bound. */
export function countBelow(values: Float64Array, bound: number): number {
  return search(values, (value) => value < bound);
}

/** How many of ascending values are not above a bound. */
export function countUpTo(values: Float64Array, bound: number): number {
  return search(values, (value) => value <= bound);
}

function search(values: Float64Array, before: (value: number) => boolean): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(values[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lowest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
