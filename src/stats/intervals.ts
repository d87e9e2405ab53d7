import type { Random } from '../core/random.ts';
import { betaQuantile, normalQuantile } from './distributions.ts';
import { quantile } from './quantiles.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson's two-sided interval for a proportion (E. B. Wilson, J. American Statistical Association 22, 1927, without
 * continuity correction). Without trials it is 0..1.
 * @param confidence 0..1, for example 0.95.
 * @throws RangeError unless 0 <= successes <= trials.
 */
export function wilsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  checkCounts(successes, trials);
  if (trials === 0) return { low: 0, high: 1 };
  const z = normalQuantile((1 + confidence) / 2);
  const share = successes / trials;
  const denominator = 1 + z ** 2 / trials;
  const centre = (share + z ** 2 / (2 * trials)) / denominator;
  const half = (z / denominator) * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2));
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
  };
}

/**
 * The exact two-sided interval of C. J. Clopper and E. S. Pearson (Biometrika 26, 1934). Without trials it is 0..1.
 * @param confidence 0..1, for example 0.95.
 * @throws RangeError unless 0 <= successes <= trials.
 */
export function clopperPearsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  const oneSided = (1 + confidence) / 2;
  return {
    low: 1 - clopperPearsonUpper(trials - successes, trials, oneSided),
    high: clopperPearsonUpper(successes, trials, oneSided),
  };
}

/**
 * The highest proportion still compatible with what was seen: the exact one-sided upper bound of C. J. Clopper and E. S.
 * Pearson (Biometrika 26, 1934). Without trials it is 1.
 * @param confidence 0..1, for example 0.95.
 * @throws RangeError unless 0 <= successes <= trials.
 */
export function clopperPearsonUpper(successes: number, trials: number, confidence = 0.95): number {
  checkCounts(successes, trials);
  if (successes === trials) return 1;
  return betaQuantile(confidence, successes + 1, trials - successes);
}

function checkCounts(successes: number, trials: number): void {
  if (!(successes >= 0 && successes <= trials)) {
    throw new RangeError(`${successes} successes in ${trials} trials`);
  }
}

export interface BootstrapOptions {
  readonly random: Random;
  /** Number of resamples; default 2000. */
  readonly resamples?: number;
  /** 0..1; default 0.95. */
  readonly confidence?: number;
}

/**
 * Percentile interval of any statistic of independent samples (B. Efron and R. J. Tibshirani, "An Introduction to the
 * Bootstrap", 1993, chapter 13).
 * @throws RangeError without samples.
 */
export function bootstrapInterval<T>(
  samples: readonly T[],
  statistic: (resample: readonly T[]) => number,
  { random, resamples = 2000, confidence = 0.95 }: BootstrapOptions,
): Interval {
  if (samples.length === 0) throw new RangeError('cannot resample nothing');
  const values = Array.from({ length: resamples }, () =>
    statistic(Array.from({ length: samples.length }, () => random.pick(samples))),
  );
  return { low: quantile(values, (1 - confidence) / 2), high: quantile(values, (1 + confidence) / 2) };
}

/**
 * The same for samples that come in clusters, such as the frames of a video: whole clusters are drawn, since samples of
 * one cluster tell less than independent ones (A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their
 * Application", 1997, section 3.8).
 * @throws RangeError without clusters.
 */
export function clusterBootstrapInterval<T>(
  clusters: readonly (readonly T[])[],
  statistic: (resample: readonly T[]) => number,
  options: BootstrapOptions,
): Interval {
  return bootstrapInterval(clusters, (drawn) => statistic(drawn.flat()), options);
}
