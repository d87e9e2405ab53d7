/**
 * The value below which a share `p` (0..1) of the values lies, interpolated between neighbours: type 7 of R. J. Hyndman
 * and Y. Fan, "Sample quantiles in statistical packages", American Statistician 50(4), 1996 (numpy's default).
 * @throws RangeError without values.
 */
export function quantile(values: ArrayLike<number>, p: number): number {
  if (values.length === 0) throw new RangeError('no values to take a quantile of');
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * p;
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}

/** The middle value, or the mean of the two middle ones. @throws RangeError without values. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}
