/** 0.975 quantile of the normal distribution. */
const Z = 1.959963984540054;

/** 95 % interval of a share (E. B. Wilson, 1927); 0 to 1 without data. */
export function wilson(count: number, n: number): readonly [low: number, high: number] {
  if (n === 0) return [0, 1];
  const share = count / n;
  const middle = (share + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const half = (Z / (1 + (Z * Z) / n)) * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
