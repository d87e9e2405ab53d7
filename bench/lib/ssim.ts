const size = 11;
const sigma = 1.5;
const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];

/** The window's weights along one axis; they sum to 1. */
const weights = (() => {
  const raw = Array.from({ length: size }, (_, i) =>
    Math.exp(-((i - (size - 1) / 2) ** 2) / (2 * sigma ** 2)),
  );
  const sum = raw.reduce((total, value) => total + value, 0);
  return raw.map((value) => value / sum);
})();

/**
 * Mean structural similarity of two 8-bit pictures (Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image Quality
 * Assessment", IEEE Trans. Image Processing 13(4), 2004): an 11 x 11 Gaussian window of deviation 1.5 at every place
 * where it lies inside the picture, K1 = 0.01, K2 = 0.03, full resolution.
 * @param left marks pixels (not 0) around which nothing is measured.
 * @returns 1 for equal pictures; NaN when nothing is left to measure.
 */
export function ssim(a: Uint8Array, b: Uint8Array, width: number, height: number, left?: Uint8Array): number {
  const products = (p: Uint8Array, q: Uint8Array): Float64Array =>
    Float64Array.from(p, (value, i) => value * q[i]!);
  const filtered = [a, b, products(a, a), products(b, b), products(a, b)].map((picture) =>
    windowMeans(picture, width, height),
  );
  const [meanA, meanB, squareA, squareB, cross] = filtered as [
    ...[Float64Array, Float64Array, Float64Array],
    ...[Float64Array, Float64Array],
  ];
  const columns = width - size + 1;
  const middle = (size - 1) / 2;
  let [sum, count] = [0, 0];
  for (let i = 0; i < meanA.length; i++) {
    const [x, y] = [i % columns, Math.floor(i / columns)];
    if (left !== undefined && left[(y + middle) * width + x + middle] !== 0) continue;
    const [ma, mb] = [meanA[i]!, meanB[i]!];
    const spread = squareA[i]! - ma * ma + squareB[i]! - mb * mb;
    const shared = cross[i]! - ma * mb;
    sum += ((2 * ma * mb + c1) * (2 * shared + c2)) / ((ma * ma + mb * mb + c1) * (spread + c2));
    count += 1;
  }
  return sum / count;
}

/** Weighted means of all windows that lie inside, row by row. */
function windowMeans(picture: ArrayLike<number>, width: number, height: number): Float64Array {
  const columns = width - size + 1;
  const across = new Float64Array(columns * height);
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < size; k++) {
      const weight = weights[k]!;
      const from = y * width + k;
      for (let x = 0; x < columns; x++) across[y * columns + x]! += weight * picture[from + x]!;
    }
  }
  const rows = height - size + 1;
  const means = new Float64Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    for (let k = 0; k < size; k++) {
      const weight = weights[k]!;
      const from = (y + k) * columns;
      for (let x = 0; x < columns; x++) means[y * columns + x]! += weight * across[from + x]!;
    }
  }
  return means;
}
