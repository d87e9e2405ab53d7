/** A search of a gallery of enrolled people. */
export interface Search {
  /** Whether the gallery holds the person. */
  readonly mated: boolean;
  /** Highest score among the candidates returned, `-Infinity` when there was none. */
  readonly topScore: number;
  /** Rank from 1 and score of the person's own entry; undefined when it was not returned, or there is none. */
  readonly mate: { readonly rank: number; readonly score: number } | undefined;
}

export interface IdentificationSettings {
  /** Candidates at or above it count; `-Infinity` is investigation mode: a list for a person to look at, whatever its scores. */
  readonly threshold: number;
  /** Candidates of a list that are looked at. */
  readonly listLength: number;
}

export interface IdentificationCounts {
  readonly falsePositives: number;
  readonly nonmated: number;
  readonly falseNegatives: number;
  readonly mated: number;
}

/**
 * False positive identifications: searches for people who are not there that return anybody at or above the threshold;
 * false negatives: searches whose mate is not among the first candidates at or above it (ISO/IEC 19795-1).
 */
export function identificationCounts(
  searches: Iterable<Search>,
  { threshold, listLength }: IdentificationSettings,
): IdentificationCounts {
  let [falsePositives, nonmated, falseNegatives, mated] = [0, 0, 0, 0];
  for (const search of searches) {
    if (search.mated) {
      mated += 1;
      const { mate } = search;
      if (mate === undefined || mate.rank > listLength || mate.score < threshold) falseNegatives += 1;
    } else {
      nonmated += 1;
      if (search.topScore !== -Infinity && search.topScore >= threshold) falsePositives += 1;
    }
  }
  return { falsePositives, nonmated, falseNegatives, mated };
}

/** Rates of whole transactions, in which a capture may fail. */
export interface TransactionRates {
  /** False accept rate. */
  readonly far: number;
  /** False reject rate. */
  readonly frr: number;
}

/** @param failureToAcquire share of attempts without a usable capture, 0..1 (ISO/IEC 19795-1). */
export function transactionRates(
  { fmr, fnmr }: { readonly fmr: number; readonly fnmr: number },
  failureToAcquire: number,
): TransactionRates {
  const acquired = 1 - failureToAcquire;
  return { far: fmr * acquired, frr: failureToAcquire + fnmr * acquired };
}
