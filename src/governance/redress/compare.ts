import { Random } from '../../core/random.ts';
import { normalProbability } from '../../stats/biometric/normal-probability.ts';
import { logGamma } from '../../stats/distributions.ts';
import type { Interval } from '../../stats/intervals.ts';
import { median, quantile } from '../../stats/quantiles.ts';

/**
 * Two-sided chance that two samples of one distribution differ in rank as much as these: U of H. B. Mann and D. R. Whitney
 * (Annals of Mathematical Statistics 18, 1947), by the normal approximation with corrections for ties and continuity.
 * 1 when all values are the same.
 * @throws RangeError without values.
 */
export function mannWhitney(first: readonly number[], second: readonly number[]): number {
  if (first.length === 0 || second.length === 0) throw new RangeError('no values to compare');
  const all = [
    ...first.map((value) => ({ value, mine: true })),
    ...second.map((value) => ({ value, mine: false })),
  ];
  all.sort((a, b) => a.value - b.value);
  const [n, m, total] = [first.length, second.length, all.length];
  let [rankSum, ties] = [0, 0];
  for (let from = 0, to = 0; from < total; from = to) {
    let mine = 0;
    for (; to < total && all[to]!.value === all[from]!.value; to++) mine += all[to]!.mine ? 1 : 0;
    // Ranks from + 1 .. to share their mean.
    rankSum += (mine * (from + 1 + to)) / 2;
    ties += (to - from) ** 3 - (to - from);
  }
  const u = rankSum - (n * (n + 1)) / 2;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (variance === 0) return 1;
  const z = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5) / Math.sqrt(variance);
  return Math.min(1, 2 * normalProbability(-z));
}

/**
 * Two-sided chance that two samples of one share have counts as unlikely as these or more, given their sum: R. A. Fisher's exact test
 * (J. Royal Statistical Society 98(1), 1935). What is rare in a hundred passages has too few cases for an approximation.
 * @param first, second how many of how many.
 */
export function fisherExact(
  first: { readonly count: number; readonly n: number },
  second: { readonly count: number; readonly n: number },
): number {
  const sum = first.count + second.count;
  // All terms share what only the margins decide.
  const logWeight = (count: number): number =>
    -[count, first.n - count, sum - count, second.n - sum + count].reduce(
      (total, cell) => total + logGamma(cell + 1),
      0,
    );
  const from = Math.max(0, sum - second.n);
  const weights = Array.from({ length: Math.min(sum, first.n) - from + 1 }, (_, index) =>
    Math.exp(logWeight(from + index) - logWeight(first.count)),
  );
  // Against the weight of what was seen, which is 1; as likely but for rounding counts as equal.
  const [all, unlikely] = weights.reduce(
    ([total, tail], weight) => [total + weight, weight <= 1 + 1e-7 ? tail + weight : tail],
    [0, 0],
  );
  return Math.min(1, unlikely / all);
}

/** How much larger one median is than another, with its 95 % interval. */
export interface MedianDifference extends Interval {
  readonly difference: number;
}

/**
 * The median of the first less that of the second; interval by resampling each by itself (percentile bootstrap: B. Efron
 * and R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 8 and 13).
 * @param seed the same one gives the same interval.
 * @throws RangeError without values.
 */
export function medianDifference(
  first: readonly number[],
  second: readonly number[],
  { seed, resamples = 2000 }: { readonly seed: string; readonly resamples?: number },
): MedianDifference {
  const random = new Random(seed);
  const difference = median(first) - median(second);
  const [a, b] = [Float64Array.from(first).sort(), Float64Array.from(second).sort()];
  const differences = Float64Array.from(
    { length: resamples },
    () => resampledMedian(a, random) - resampledMedian(b, random),
  );
  return { difference, low: quantile(differences, 0.025), high: quantile(differences, 0.975) };
}

/**
 * The median of as many values drawn with replacement, without drawing them: its place is that of the middle of n uniform
 * numbers, which are sums of exponential ones (H. A. David and H. N. Nagaraja, "Order Statistics", 3rd edition, 2003,
 * section 2.5).
 */
function resampledMedian(ascending: Float64Array, random: Random): number {
  const n = ascending.length;
  const half = Math.ceil(n / 2);
  const below = gamma(half, random);
  const between = n % 2 === 0 ? gamma(1, random) : 0;
  const total = below + between + gamma(half, random);
  const at = (share: number): number => ascending[Math.min(n - 1, Math.floor(share * n))]!;
  return (at(below / total) + at((below + between) / total)) / 2;
}

/** A gamma variable of a shape of at least 1 (G. Marsaglia and W. W. Tsang, ACM TOMS 26(3), 2000). */
function gamma(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  for (;;) {
    const x = random.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < (x * x) / 2 + d * (1 - v + Math.log(v))) return d * v;
  }
}
