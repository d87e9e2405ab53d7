import type { Size } from '../../core/box.ts';

/**
 * Means of square blocks of a plane, row-major; what is left over at the right and the bottom is not looked at. Noise and flicker
 * of single pixels go with it, what stands in the scene does not.
 * @param side of a block, pixels.
 */
export function blockMeans(
  luma: Uint8Array,
  { width, height }: Size,
  side: number,
): { readonly means: Float32Array; readonly size: Size } {
  const size = { width: Math.floor(width / side), height: Math.floor(height / side) };
  const means = new Float32Array(size.width * size.height);
  for (let row = 0, place = 0; row < size.height; row++) {
    for (let column = 0, from = row * side * width; column < size.width; column++, from += side) {
      let sum = 0;
      for (let y = 0, line = from; y < side; y++, line += width)
        for (let at = line; at < line + side; at++) sum += luma[at]!;
      means[place++] = sum / side ** 2;
    }
  }
  return { means, size };
}
