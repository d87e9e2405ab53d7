/**
 * How unequal error rates of groups are, in the measures of NISTIR 8429 (P. Grother, "Face Recognition Vendor Test Part 8:
 * Summarizing Demographic Differentials", 2022). All take one rate per group.
 */
export interface Inequity {
  readonly max: number;
  readonly min: number;
  readonly difference: number;
  /** Undefined when the best group has no errors: a ratio with zero says nothing. */
  readonly maxOverMin: number | undefined;
  readonly geometricMean: number | undefined;
  readonly maxOverGeometricMean: number | undefined;
  readonly mean: number;
  readonly maxOverMean: number | undefined;
  /** Half the relative mean difference, 0..1 - 1/n. */
  readonly gini: number;
  /** The same times n / (n - 1), 0..1; undefined for one group. */
  readonly giniCorrected: number | undefined;
}

/**
 * @param rates 0..1, at least one.
 * @param epsilon added to each rate inside the geometric mean, so that it exists when a group has no errors. Name it
 *   wherever you show the result; 0 by default.
 * @throws RangeError without rates, or for one outside 0..1.
 */
export function inequity(rates: readonly number[], epsilon = 0): Inequity {
  if (rates.length === 0) throw new RangeError('no groups');
  const bad = rates.find((rate) => !(rate >= 0 && rate <= 1));
  if (bad !== undefined) throw new RangeError(`${bad} is no rate`);
  const count = rates.length;
  const [max, min] = [Math.max(...rates), Math.min(...rates)];
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / count;
  const geometricMean =
    min + epsilon > 0
      ? Math.exp(rates.reduce((sum, rate) => sum + Math.log(rate + epsilon), 0) / count)
      : undefined;
  const gini = mean === 0 ? 0 : absoluteDifferences(rates) / (2 * count * count * mean);
  return {
    max,
    min,
    difference: max - min,
    maxOverMin: over(max, min),
    geometricMean,
    maxOverGeometricMean: over(max, geometricMean),
    mean,
    maxOverMean: over(max, mean),
    gini,
    giniCorrected: count > 1 ? (gini * count) / (count - 1) : undefined,
  };
}

/** Rates of the same groups for both kinds of error. */
export interface GroupRates {
  readonly fmr: readonly number[];
  readonly fnmr: readonly number[];
}

/** Measures that weigh false matches by `alpha` and false non-matches by the rest. */
export interface CombinedInequity {
  /** Fairness discrepancy rate, 1 when all are alike (T. de Freitas Pereira and S. Marcel, IEEE TBIOM 4(1), 2022). */
  readonly fdr: number;
  /** Inequity rate (P. Grother, 2021); undefined when a group has no errors. */
  readonly ir: number | undefined;
  /** Gini aggregation rate for biometric equitability (J. Howard et al., 2022); undefined for one group. */
  readonly garbe: number | undefined;
}

/** @param alpha 0..1, 0.5 by default. */
export function combinedInequity(rates: GroupRates, alpha = 0.5): CombinedInequity {
  const [matches, nonMatches] = [inequity(rates.fmr), inequity(rates.fnmr)];
  const [a, b] = [alpha, 1 - alpha];
  return {
    fdr: 1 - (a * matches.difference + b * nonMatches.difference),
    ir:
      matches.maxOverMin === undefined || nonMatches.maxOverMin === undefined
        ? undefined
        : matches.maxOverMin ** a * nonMatches.maxOverMin ** b,
    garbe:
      matches.giniCorrected === undefined || nonMatches.giniCorrected === undefined
        ? undefined
        : a * matches.giniCorrected + b * nonMatches.giniCorrected,
  };
}

/**
 * The four-fifths rule (29 CFR 1607.4 D): the worst group's rate of a good outcome over the best group's, to be compared
 * with 0.8. For outcomes that people experience, such as passing without a second inspection; never for false match rates.
 * @returns undefined when nobody had the good outcome.
 */
export function selectionRatio(rates: readonly number[]): number | undefined {
  const { min, max } = inequity(rates);
  return over(min, max);
}

/** Sum over all ordered pairs of |a - b|, in n log n. */
function absoluteDifferences(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b);
  const count = ascending.length;
  return 2 * ascending.reduce((sum, value, index) => sum + value * (2 * index + 1 - count), 0);
}

function over(value: number, by: number | undefined): number | undefined {
  return by === undefined || by === 0 ? undefined : value / by;
}
