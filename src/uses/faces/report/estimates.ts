import { clopperPearsonInterval, wilsonInterval, type Interval } from '../../../stats/intervals.ts';
import { quantile } from '../../../stats/quantiles.ts';
import type { Estimate, Figure } from '../../../governance/faces/schema.ts';

/** A share with its intervals. @param replicates of the same share, where there are any. */
export function estimate(
  errors: number,
  n: number,
  replicates?: ArrayLike<number>,
  designEffect?: number,
): Estimate {
  return {
    errors,
    n,
    rate: n === 0 ? null : errors / n,
    exact: clopperPearsonInterval(errors, n),
    wilson: wilsonInterval(errors, n),
    bootstrap: replicates === undefined || errors === 0 ? null : percentiles(replicates),
    designEffect: designEffect ?? null,
  };
}

export function figure(value: number | undefined, n: number, interval: Interval | null | undefined): Figure {
  return { value: value ?? null, interval: value === undefined ? null : (interval ?? null), n };
}

/** More replicates without a value than this, and the interval would speak of the others only. */
const FEW = 0.025;

/** The middle 95 % of replicates; null when too many have no value. */
export function percentiles(replicates: ArrayLike<number>): Interval | null {
  const values = Float64Array.from(replicates).filter((value) => Number.isFinite(value));
  if (values.length === 0 || values.length < (1 - FEW) * replicates.length) return null;
  return { low: quantile(values, 0.025), high: quantile(values, 0.975) };
}
