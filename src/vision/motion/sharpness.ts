import type { Size } from '../../core/box.ts';
import { blockMeans } from './block-means.ts';

/** Side of the cells whose differences tell how much there is to see at all, pixels of the plane. */
const cell = 8;
/** Half of all normal deviates lie within 1 / 1.4826 deviations; what four of them make together is twice as wide as each. */
const deviationOfMedian = 1.4826 / 2;
/** Every so many places tell of the noise. */
const sample = 3;
/** Root mean square of the differences of cells, luma, below which there is too little to be sharp or not. */
const leastCoarse = 4;
/** Square of the same over that of the noise, which is known to a fifth only: below, what is fine cannot be told from it. */
const leastOverNoise = 25;

/**
 * How much of what a picture shows it shows finely: differences of neighbouring pixels as a share of those of neighbouring
 * cells, without what noise adds. Fog, dusk and exposure weaken both alike and leave it as it is; a lens out of focus
 * takes the fine ones. About 0.6 of a sharp outdoor scene, half of that with a blur of four pixels of a VGA picture.
 */
export class Sharpness {
  readonly #size: Size;
  #last: Uint8Array | undefined;

  constructor(size: Size) {
    this.#size = size;
  }

  /** @returns undefined for a picture with too little in it (a plain wall, thick fog, night), and for the first one. */
  measure(luma: Uint8Array): number | undefined {
    const last = this.#last;
    this.#last = luma;
    if (last === undefined) return undefined;
    const noise = noiseBetween(last, luma) ** 2;
    const cells = blockMeans(luma, this.#size, cell);
    const coarse = meanSquare(cells.means, cells.size) - (2 * noise) / cell ** 2;
    if (coarse < Math.max(leastCoarse ** 2, leastOverNoise * noise)) return undefined;
    const fine = meanSquare(luma, this.#size) - 2 * noise;
    return Math.sqrt(Math.max(0, fine) / coarse);
  }
}

/**
 * Deviation of the noise: what changes from picture to picture at a place and not beside it, so that flicker is none. Half
 * of the places show nothing else.
 */
function noiseBetween(a: Uint8Array, b: Uint8Array): number {
  const counts = new Uint32Array(511);
  let places = 0;
  for (let at = 1; at < a.length; at += sample, places++)
    counts[Math.abs(a[at]! - b[at]! - a[at - 1]! + b[at - 1]!)]!++;
  const half = places / 2;
  let below = 0;
  for (let level = 0; level < counts.length; level++) {
    const here = counts[level]!;
    // Levels are whole numbers: the median lies as deep in its level as its share says.
    if (below + here >= half) return deviationOfMedian * Math.max(0, level - 0.5 + (half - below) / here);
    below += here;
  }
  return 0;
}

/** Of the differences to the right and lower neighbours. */
function meanSquare(values: Uint8Array | Float32Array, { width, height }: Size): number {
  let sum = 0;
  for (let y = 0; y < height - 1; y++) {
    for (let x = 0, at = y * width; x < width - 1; x++, at++) {
      const here = values[at]!;
      sum += (values[at + 1]! - here) ** 2 + (values[at + width]! - here) ** 2;
    }
  }
  return sum / (2 * Math.max(1, (width - 1) * (height - 1)));
}
