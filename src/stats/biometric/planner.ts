import { normalQuantile } from '../distributions.ts';

/** What a test between groups must be able to find, fixed before it is run. */
export interface TestGoals {
  /** False match rate at the operating point, over all groups, 0..1. */
  readonly targetFmr: number;
  /** False non-match rate that is expected there, 0..1. */
  readonly targetFnmr: number;
  /** At least 2. */
  readonly groups: number;
  /** How many times the others' rate one group's must be to be found. Above 1. */
  readonly ratio: number;
  /** Chance of finding it, 0..1. */
  readonly power: number;
  /** Chance of calling any group worse when none is, 0..1. */
  readonly alpha: number;
  readonly mated: ComparisonGoals;
  readonly nonmated: ComparisonGoals;
}

export interface ComparisonGoals {
  /** In how many comparisons of this kind each subject takes part. */
  readonly perSubject: number;
  /**
   * How many comparisons of this kind tell as much as one independent one, from a pilot with as many comparisons per
   * subject (L. Kish, "Survey Sampling", 1965). At least 1.
   */
  readonly designEffect: number;
}

/**
 * Chance of calling any group worse when none is, where nobody says another. Below the usual 0.05, so that a series of
 * fair tests stays within 5 % and not only its mean does; the planned sample pays for it.
 */
export const USUAL_LEVEL = 0.03;

/** What each group needs. */
export interface SampleSize {
  readonly subjects: number;
  readonly mated: number;
  readonly nonmated: number;
}

/**
 * The design effect of a plan without a pilot: moderate dependence within subjects. A pilot's is better.
 */
export const UNKNOWN_DESIGN_EFFECT = 2;

/**
 * Subjects and comparisons that each group needs so that a group whose rate is `ratio` times that of the others is found
 * with the wanted power: for the test of {@link verdicts}, at the level that Holm's procedure leaves to the smallest
 * p-value. By the normal approximation of the logarithm of a ratio of rates (J. L. Fleiss, B. Levin and M. C. Paik,
 * "Statistical Methods for Rates and Proportions", 3rd edition, 2003, chapter 4), and at least the rule of 30.
 * @throws RangeError for goals that no sample reaches.
 */
export function planSample(goals: TestGoals): SampleSize {
  const mated = comparisonsFor(goals, goals.targetFnmr, goals.mated);
  const nonmated = comparisonsFor(goals, goals.targetFmr, goals.nonmated);
  // A non-mated comparison takes two subjects, and there are no more pairs than these.
  const pairing = Math.ceil((1 + Math.sqrt(1 + 8 * nonmated)) / 2);
  const subjects = Math.max(
    Math.ceil(mated / goals.mated.perSubject),
    Math.ceil((2 * nonmated) / goals.nonmated.perSubject),
    goals.nonmated.perSubject >= pairing ? pairing : 0,
  );
  return { subjects, mated, nonmated };
}

/** More than the formula says: the design effect, the threshold and the rates in it are estimates themselves. */
const MARGIN = 1.1;

/** Errors that a group must show before anything is said about its rate (G. R. Doddington et al., 2000). */
const RULE_OF_30 = 30;

function comparisonsFor(goals: TestGoals, rate: number, { designEffect }: ComparisonGoals): number {
  const { groups, ratio, power, alpha } = goals;
  // One group is worse and the rate over all is as given.
  const others = (rate * groups) / (groups - 1 + ratio);
  const worse = others * ratio;
  if (!(others > 0 && worse < 1)) throw new RangeError(`a rate of ${worse} cannot be planned for`);
  // Variance of the logarithm of the ratio for one comparison in each group: if all are alike, and as it is.
  const alike = ((1 - rate) / rate) * (1 + 1 / (groups - 1));
  const apart = (1 - worse) / worse + (1 - others) / (others * (groups - 1));
  const reach =
    normalQuantile(1 - alpha / (2 * groups)) * Math.sqrt(alike) + normalQuantile(power) * Math.sqrt(apart);
  const ofRatio = MARGIN * designEffect * (reach / Math.log(ratio)) ** 2;
  return Math.ceil(Math.max(ofRatio, RULE_OF_30 / rate));
}
