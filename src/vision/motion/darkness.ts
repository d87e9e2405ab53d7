/** Median of luma (0..255) below which a picture is dark, and above which it is light again. */
const darkBelow = 40;
const lightAbove = 55;
/** The median that a dark plane is raised to, and the most by which it is: beyond, only noise is raised. */
const raisedMedian = 90;
const mostGain = 5;
/** Change of the median, as a ratio, after which the gain is chosen anew. */
const strays = 1.6;

/**
 * Says whether a camera sees in the dark, and raises small luma planes then. The median decides, so that headlights in a
 * dark yard do not. The gain stays until the light has changed: a background learned with another one says nothing.
 */
export class Darkness {
  #gain = 1;
  #median = 255;

  get isDark(): boolean {
    return this.#gain > 1;
  }

  /** Takes in the next plane. @returns whether the gain changed. */
  update(luma: Uint8Array): boolean {
    const median = Math.max(1, medianOf(luma));
    if (this.isDark) {
      const ratio = median / this.#median;
      if (median <= lightAbove && ratio < strays && ratio > 1 / strays) return false;
    } else if (median >= darkBelow) return false;
    const before = this.#gain;
    this.#median = median;
    this.#gain =
      median > (this.isDark ? lightAbove : darkBelow) ? 1 : Math.min(mostGain, raisedMedian / median);
    return this.#gain !== before;
  }

  /** A plane with means of 3 x 3 pixels, raised: what a motion gate can tell from noise. In the light, the plane itself. */
  raise(luma: Uint8Array, width: number, height: number): Uint8Array {
    if (!this.isDark) return luma;
    const means = meansOf3x3(luma, width, height);
    const raised = new Uint8Array(luma.length);
    for (let at = 0; at < raised.length; at++) raised[at] = Math.min(255, this.#gain * means[at]!);
    return raised;
  }
}

/** Of a sample of the pixels. */
function medianOf(luma: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (let at = 0; at < luma.length; at += 7) counts[luma[at]!]!++;
  let below = 0;
  for (let level = 0; level < 256; level++) {
    below += counts[level]!;
    if (14 * below >= luma.length) return level;
  }
  return 255;
}

/** Means of each value and its neighbours; at the edges the edge itself counts for what is missing. */
export function meansOf3x3(values: ArrayLike<number>, width: number, height: number): Float32Array {
  const rows = new Float32Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const left = x === 0 ? at : at - 1;
      const right = x === width - 1 ? at : at + 1;
      rows[at] = values[left]! + values[at]! + values[right]!;
    }
  }
  const means = new Float32Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    const above = y === 0 ? 0 : -width;
    const below = y === height - 1 ? 0 : width;
    for (let x = 0; x < width; x++, at++) means[at] = (rows[at + above]! + rows[at]! + rows[at + below]!) / 9;
  }
  return means;
}
