import { z } from 'zod';
import { betaQuantile } from '../../stats/distributions.ts';
import { wilsonInterval, type Interval } from '../../stats/index.ts';

/** A figure is never shown without what it rests on. */
export const measured = z
  .object({
    value: z.number().nullable().describe('Null where there is nothing to measure.'),
    low: z.number().nullable(),
    high: z.number().nullable().describe('`low` to `high`: 95 % interval.'),
    n: z.int().describe('Sample size.'),
  })
  .meta({ id: 'Measured' });
export type Measured = z.infer<typeof measured>;

/** Where there is nothing to measure. */
export const nothing: Measured = { value: null, low: null, high: null, n: 0 };

/** A part of a whole, with Wilson's interval. */
export function share(some: number, all: number): Measured {
  return all === 0 ? nothing : { value: some / all, ...wilsonInterval(some, all), n: all };
}

const Z = 1.959964;

/** Median with the interval between order statistics (W. J. Conover, "Practical Nonparametric Statistics", 1999, section 3.2); none below six. */
export function middle(values: readonly number[]): Measured {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  if (n === 0) return nothing;
  const value = (sorted[Math.floor((n - 1) / 2)]! + sorted[Math.ceil((n - 1) / 2)]!) / 2;
  const half = (Z * Math.sqrt(n)) / 2;
  if (n < 6) return { value, low: null, high: null, n };
  return {
    value,
    low: sorted[Math.max(0, Math.floor(n / 2 - half))]!,
    high: sorted[Math.min(n - 1, Math.ceil(n / 2 + half) - 1)]!,
    n,
  };
}

/** Byar's interval of a rate (N. E. Breslow and N. E. Day, "Statistical Methods in Cancer Research II", 1987, p. 69). */
export function poisson(events: number, hours: number): Interval {
  const bound = (at: number, sign: number): number =>
    at * (1 - 1 / (9 * at) + (sign * Z) / (3 * Math.sqrt(at))) ** 3;
  return { low: bound(events, -1) / hours, high: bound(events + 1, 1) / hours };
}

/**
 * Hours that people were spared: what as many items take by hand, less what they took. The interval is that of the mean time
 * (Student), and leaves the baseline as the agency gave it.
 * @param seconds what each item took.
 * @param minutesByHand what one takes by hand.
 */
export function hoursReturned(seconds: readonly number[], minutesByHand: number): Measured {
  const n = seconds.length;
  if (n === 0) return nothing;
  const mean = seconds.reduce((sum, one) => sum + one, 0) / n;
  const hours = (meanSeconds: number): number => (n * (minutesByHand * 60 - meanSeconds)) / 3600;
  if (n < 2) return { value: hours(mean), low: null, high: null, n };
  const variance = seconds.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (n - 1);
  const half = student(n - 1) * Math.sqrt(variance / n);
  return { value: hours(mean), low: hours(mean + half), high: hours(mean - half), n };
}

/** What a variable with Student's distribution stays within on both sides of zero with 95 %. */
function student(freedom: number): number {
  const x = betaQuantile(0.05, freedom / 2, 1 / 2);
  return Math.sqrt((freedom * (1 - x)) / x);
}
