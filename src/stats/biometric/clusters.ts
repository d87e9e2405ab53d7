import type { SubjectTally } from './tally.ts';

/** An error rate of a group with how sure it is, given that comparisons share subjects. */
export interface ClusteredRate {
  readonly errors: number;
  readonly comparisons: number;
  /** 0..1; not a number without comparisons. */
  readonly rate: number;
  /**
   * Variance of the rate with subjects as clusters, never below that of independent comparisons: so small a figure would
   * be luck, not knowledge.
   */
  readonly variance: number;
  /** The clustered variance over that of independent comparisons, as estimated; undefined when nothing or everything went wrong. */
  readonly designEffect: number | undefined;
}

/** Both rates of one group. */
export interface ClusteredRates {
  readonly fmr: ClusteredRate;
  readonly fnmr: ClusteredRate;
}

/**
 * Rates of each group, non-mated comparisons within the group only. Mated comparisons are clusters of one subject; a
 * non-mated one depends on all others that share either of its subjects (P. M. Aronow, C. Samii and V. A. Assenova,
 * "Cluster-Robust Variance Estimation for Dyadic Data", Political Analysis 23(4), 2015).
 */
export function clusteredRates(tally: SubjectTally): ClusteredRates[] {
  return tally.groups.map((_, group) => ({
    fmr: falseMatchRate(tally, group),
    fnmr: falseNonMatchRate(tally, group),
  }));
}

function falseNonMatchRate({ groups, mated, falseNonMatches }: SubjectTally, group: number): ClusteredRate {
  const { first, subjects } = groups[group]!;
  let [errors, comparisons, clusters] = [0, 0, 0];
  for (let subject = first; subject < first + subjects; subject++) {
    errors += falseNonMatches[subject]!;
    comparisons += mated[subject]!;
    if (mated[subject]! > 0) clusters += 1;
  }
  const rate = errors / comparisons;
  let squares = 0;
  for (let subject = first; subject < first + subjects; subject++)
    squares += (falseNonMatches[subject]! - rate * mated[subject]!) ** 2;
  return clustered(errors, comparisons, clusters > 1 ? (squares * clusters) / (clusters - 1) : NaN);
}

function falseMatchRate({ groups, pairs }: SubjectTally, group: number): ClusteredRate {
  const { first, subjects } = groups[group]!;
  const end = first + subjects;
  const seen = new Float64Array(subjects);
  const wrong = new Float64Array(subjects);
  let [errors, comparisons] = [0, 0];
  const each = (visit: (i: number, j: number, n: number, k: number) => void): void => {
    for (let i = first; i < end; i++)
      for (let at = pairs.rows[i]!; at < pairs.rows[i + 1]! && pairs.partner[at]! < end; at++)
        visit(i - first, pairs.partner[at]! - first, pairs.comparisons[at]!, pairs.falseMatches[at]!);
  };
  each((i, j, n, k) => {
    errors += k;
    comparisons += n;
    seen[i]! += n;
    seen[j]! += n;
    wrong[i]! += k;
    wrong[j]! += k;
  });
  const rate = errors / comparisons;
  let squares = 0;
  let clusters = 0;
  for (let subject = 0; subject < subjects; subject++) {
    squares += (wrong[subject]! - rate * seen[subject]!) ** 2;
    if (seen[subject]! > 0) clusters += 1;
  }
  // A pair was counted with both of its subjects.
  each((_, __, n, k) => void (squares -= (k - rate * n) ** 2));
  return clustered(errors, comparisons, clusters > 2 ? (squares * clusters) / (clusters - 1) : NaN);
}

/** @param squares sum of the squared errors of clusters. */
function clustered(errors: number, comparisons: number, squares: number): ClusteredRate {
  const rate = errors / comparisons;
  const independent = (rate * (1 - rate)) / comparisons;
  const variance = squares / comparisons ** 2;
  return {
    errors,
    comparisons,
    rate,
    variance: Number.isNaN(variance) ? NaN : Math.max(variance, independent),
    designEffect:
      independent > 0 && !Number.isNaN(variance) ? Math.max(variance, 0) / independent : undefined,
  };
}
