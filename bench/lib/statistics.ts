import { median } from '../../src/stats/index.ts';

/** `0.0195 (n 3, 0.0191-0.0201)`: median, number and range of repeats; a figure never stands without them. */
export function formatAll(values: readonly number[], digits: number): string {
  const middle = median(values).toFixed(digits);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
  return values.length === 1 ? `${middle} (n 1)` : `${middle} (n ${values.length}, ${lowest}-${highest})`;
}
