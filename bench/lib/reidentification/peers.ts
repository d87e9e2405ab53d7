/** The usual obfuscations, rebuilt for comparison: each makes packed RGB of a square from its own pixels. */

/** Gaussian blur by three box means of the same deviation (P. Kovesi, "Fast Almost-Gaussian Filtering", 2010). */
export function gaussian(pixels: Uint8Array, side: number, sigma: number): Uint8Array {
  const width = Math.sqrt((12 * sigma ** 2) / 3 + 1);
  const odd = 2 * Math.round((width - 1) / 2) + 1;
  return boxMean(boxMean(boxMean(pixels, side, odd), side, odd), side, odd);
}

/** The mean over `kernel` x `kernel` pixels around each, edges mirrored as OpenCV's `blur` does. */
export function boxMean(pixels: Uint8Array, side: number, kernel: number): Uint8Array {
  return alongRows(alongRows(pixels, side, kernel), side, kernel);
}

/** The running mean along rows, written transposed: applied twice it has gone both ways. */
function alongRows(pixels: Uint8Array, side: number, kernel: number): Uint8Array {
  const result = new Uint8Array(pixels.length);
  const before = Math.floor(kernel / 2);
  for (let y = 0; y < side; y++) {
    for (let c = 0; c < 3; c++) {
      const at = (x: number): number => pixels[(y * side + mirrored(x, side)) * 3 + c]!;
      let sum = 0;
      for (let x = -before; x < kernel - before; x++) sum += at(x);
      for (let x = 0; x < side; x++) {
        result[(x * side + y) * 3 + c] = Math.round(sum / kernel);
        sum += at(x + kernel - before) - at(x - before);
      }
    }
  }
  return result;
}

function mirrored(x: number, side: number): number {
  if (x < 0) return -x;
  return x < side ? x : 2 * side - 2 - x;
}

/** Squares of `cell` pixels in their mean colour. */
export function mosaic(pixels: Uint8Array, side: number, cell: number): Uint8Array {
  const cells = Math.ceil(side / cell);
  const cellOf = (i: number, c: number): number => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return (Math.floor(y / cell) * cells + Math.floor(x / cell)) * 3 + c;
  };
  const sums = new Float64Array(cells * cells * 3);
  const counts = new Float64Array(sums.length);
  for (let i = 0; i < side * side; i++) {
    for (let c = 0; c < 3; c++) {
      sums[cellOf(i, c)]! += pixels[i * 3 + c]!;
      counts[cellOf(i, c)]! += 1;
    }
  }
  const result = new Uint8Array(pixels.length);
  for (let i = 0; i < side * side; i++) {
    for (let c = 0; c < 3; c++) result[i * 3 + c] = Math.round(sums[cellOf(i, c)]! / counts[cellOf(i, c)]!);
  }
  return result;
}
