/** Repeated measurements of one thing. */
export interface Sample {
  readonly n: number;
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** @param values at least one. */
export function sampleOf(values: readonly number[]): Sample {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const last = sorted.length - 1;
  const median = (at(Math.floor(last / 2)) + at(Math.ceil(last / 2))) / 2;
  return { n: sorted.length, median, lowest: at(0), highest: at(last) };
}

export function medianOf(values: readonly number[]): number {
  return sampleOf(values).median;
}

/** `0.0195 (n 3, 0.0191-0.0201)`: a figure never stands without its sample. */
export function formatSample({ n, median, lowest, highest }: Sample, digits: number): string {
  if (n === 1) return `${median.toFixed(digits)} (n 1)`;
  return `${median.toFixed(digits)} (n ${n}, ${lowest.toFixed(digits)}-${highest.toFixed(digits)})`;
}

export function formatAll(values: readonly number[], digits: number): string {
  return formatSample(sampleOf(values), digits);
}
