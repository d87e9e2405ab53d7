import type { Comparisons } from './comparisons.ts';
import { areaUnderCurve, countBelow, countUpTo, type ComparisonScores } from './scores.ts';
import { normalQuantile } from '../distributions.ts';
import type { Interval } from '../intervals.ts';

export interface CurveArea {
  /** Not a number without scores of both kinds. */
  readonly area: number;
  /** 95 %, with subjects as clusters where they are known. */
  readonly interval: Interval;
}

/**
 * Area under the curve with an interval from the places of the scores of one kind among those of the other (E. R. DeLong, D.
 * M. DeLong and D. L. Clarke-Pearson, Biometrics 44, 1988), summed over subjects (N. A. Obuchowski, "Nonparametric
 * analysis of clustered ROC curve data", Biometrics 53, 1997).
 */
export function curveArea({ scores, mated, subjects }: Comparisons, sorted: ComparisonScores): CurveArea {
  const area = areaUnderCurve(sorted);
  const sums = new Float64Array(subjects?.count ?? 0);
  const [nonmated, matedCount] = [sorted.nonmated.length, sorted.mated.length];
  let [alone, pairs] = [0, 0];
  for (const [row, score] of scores.entries()) {
    const isMated = mated[row] === 1;
    const others = isMated ? sorted.nonmated : sorted.mated;
    const below = (countBelow(others, score) + countUpTo(others, score)) / (2 * others.length);
    const part = isMated ? (below - area) / matedCount : (1 - below - area) / nonmated;
    alone += part ** 2;
    if (subjects === undefined) continue;
    sums[subjects.probe[row]!]! += part;
    if (isMated) continue;
    sums[subjects.reference[row]!]! += part;
    pairs += part ** 2;
  }
  const clustered = sums.reduce((sum, part) => sum + part ** 2, 0) - pairs;
  const reach = normalQuantile(0.975) * Math.sqrt(Math.max(alone, clustered));
  return { area, interval: { low: Math.max(0, area - reach), high: Math.min(1, area + reach) } };
}
