import { median } from '../../src/stats/index.ts';

/** Repeated measurements of one thing. */
export interface Sample {
  readonly n: number;
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** @param values at least one. */
export function sampleOf(values: readonly number[]): Sample {
  return {
    n: values.length,
    median: median(values),
    lowest: Math.min(...values),
    highest: Math.max(...values),
  };
}

/** `0.0195 (n 3, 0.0191-0.0201)`: a figure never stands without its sample. */
export function formatSample({ n, median: middle, lowest, highest }: Sample, digits: number): string {
  if (n === 1) return `${middle.toFixed(digits)} (n 1)`;
  return `${middle.toFixed(digits)} (n ${n}, ${lowest.toFixed(digits)}-${highest.toFixed(digits)})`;
}

export function formatAll(values: readonly number[], digits: number): string {
  return formatSample(sampleOf(values), digits);
}
