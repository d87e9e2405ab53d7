import type { Size } from '../../core/box.ts';
import type { Seconds } from '../../core/time.ts';
import { commonShift, lightOf, type Light } from './light.ts';

/** What a plane showed against the picture learned so far. */
export interface Foreground {
  /** One byte per pixel of the plane: 1 where something is that does not belong to the background. */
  readonly mask: Uint8Array;
  /** Share of the plane that differs, 0..1. */
  readonly share: number;
  /**
   * True while the background is being learned: at the start, and after the light changed everywhere at once. The mask
   * says nothing then, and whoever asks must look at the whole picture.
   */
  readonly learning: boolean;
}

/** Time after which a lasting change has sunk into the background by 1/e. */
const adaptation: Seconds = 8;
/** The same for pixels in front of which something is: slower, so that who pauses stays foreground. */
const coveredAdaptation: Seconds = 40;
/** Time over which the unrest of each pixel is learned: branches, water, noise, flicker. */
const unrestMemory: Seconds = 40;
/** Time for which the picture is only learned, at the start and after a change of light. */
const learningTime: Seconds = 1;
/** Difference of luma (0..255) that counts in a calm place; unrest raises it. */
const calmThreshold = 14;
/** A calm pixel of a compressed picture still changes by about this much. */
const calmUnrest = 2;
/** How strongly unrest raises the threshold, and the difference beyond which a change tells nothing of unrest. */
const unrestWeight = 4.5;
const largestUnrest = 20;
/** Share of the plane that only a change of light, and no object, changes at once. */
const lightChange = 0.55;
/** Pixels of the plane below which what changed is noise. */
export const fewestPixels = 8;
/** Time between two lessons of a plane in which nothing has changed; between them, every so many rows tell of change. */
const calmLearning: Seconds = 2;
const calmRows = 2;
const calmSample = 21;

/**
 * The background of one camera, learned pixel by pixel on a small luma plane: a running mean and the mean unrest about
 * it. The light of the whole picture, or of bands of its rows, is taken out first, so that clouds, exposure and flickering
 * lamps are no motion.
 */
export class Background {
  readonly size: Size;
  readonly mean: Float32Array;
  readonly #unrest: Float32Array;
  readonly #mask: Uint8Array;
  /** When it was learned last. */
  #time: Seconds | undefined;
  #learnUntil: Seconds = 0;
  /** Whether nothing had changed when it was learned last; then the levels, lowest and highest of each pixel, that are no change. */
  #calm = false;
  readonly #lowest: Int16Array;
  readonly #highest: Int16Array;
  #firstRow = 0;

  constructor(size: Size) {
    this.size = size;
    const pixels = size.width * size.height;
    this.mean = new Float32Array(pixels);
    this.#unrest = new Float32Array(pixels).fill(calmUnrest);
    this.#mask = new Uint8Array(pixels);
    this.#lowest = new Int16Array(pixels);
    this.#highest = new Int16Array(pixels);
  }

  /**
   * Takes in the next plane, of this background's size.
   * @param time later than that of the call before.
   * @returns the mask belongs to the background and is written again by the next call.
   */
  update(luma: Uint8Array, time: Seconds): Foreground {
    if (this.#calm && time - this.#time! < calmLearning && this.#isCalm(luma))
      return { mask: this.#mask.fill(0), share: 0, learning: false };
    const step = this.#time === undefined ? 0 : Math.max(0, time - this.#time);
    const first = this.#time === undefined;
    this.#time = time;
    this.#calm = false;
    if (first) {
      this.mean.set(luma);
      this.#learnUntil = time + learningTime;
      return { mask: this.#mask.fill(0), share: 0, learning: true };
    }
    const light = lightOf(luma, this.mean, this.size);
    const changed = this.#compare(luma, light);
    const share = changed / luma.length;
    if (share > lightChange) {
      this.mean.set(luma);
      this.#learnUntil = time + learningTime;
      return { mask: this.#mask.fill(0), share, learning: true };
    }
    const learning = time < this.#learnUntil;
    this.#learn(luma, light, step, learning);
    if (changed < fewestPixels && !learning) this.#noteCalm();
    return { mask: this.#mask, share, learning };
  }

  /**
   * Whether a plane after one in which nothing had changed has nothing that changed either, as most planes of most cameras:
   * by half of its rows, the others the next time. Nothing that counts is one row high.
   */
  #isCalm(luma: Uint8Array): boolean {
    const { width, height } = this.size;
    const lowest = this.#lowest;
    const highest = this.#highest;
    const shift = commonShift(luma, this.mean, calmSample);
    this.#firstRow = (this.#firstRow + 1) % calmRows;
    let changed = 0;
    for (let y = this.#firstRow; y < height; y += calmRows) {
      for (let at = y * width, end = at + width; at < end; at++) {
        const level = luma[at]! - shift;
        // The sign of either difference: without a branch, twice as fast.
        changed += ((level - lowest[at]!) | (highest[at]! - level)) >>> 31;
      }
    }
    return calmRows * changed < fewestPixels;
  }

  #noteCalm(): void {
    const { mean } = this;
    const unrest = this.#unrest;
    const lowest = this.#lowest;
    const highest = this.#highest;
    for (let at = 0; at < mean.length; at++) {
      const limit = limitOf(unrest[at]!);
      lowest[at] = Math.ceil(mean[at]! - limit);
      highest[at] = Math.floor(mean[at]! + limit);
    }
    this.#calm = true;
  }

  #compare(luma: Uint8Array, { gain, shift }: Light): number {
    const { mean } = this;
    const { width, height } = this.size;
    const mask = this.#mask;
    const unrest = this.#unrest;
    let changed = 0;
    for (let y = 0, at = 0; y < height; y++) {
      const rowGain = gain[y]!;
      for (const end = at + width; at < end; at++) {
        const difference = Math.abs(luma[at]! - (rowGain * mean[at]! + shift));
        const differs = difference > limitOf(unrest[at]!) ? 1 : 0;
        mask[at] = differs;
        changed += differs;
      }
    }
    return changed;
  }

  #learn(luma: Uint8Array, { gain, shift }: Light, step: Seconds, fast: boolean): void {
    const { mean } = this;
    const { width, height } = this.size;
    const mask = this.#mask;
    const unrest = this.#unrest;
    const calmRate = fast ? 0.3 : 1 - Math.exp(-step / adaptation);
    const coveredRate = fast ? 0.3 : 1 - Math.exp(-step / coveredAdaptation);
    const unrestRate = 1 - Math.exp(-step / unrestMemory);
    for (let y = 0, at = 0; y < height; y++) {
      const rowGain = gain[y]!;
      for (const end = at + width; at < end; at++) {
        const unrestNow = Math.min(largestUnrest, Math.abs(luma[at]! - (rowGain * mean[at]! + shift)));
        mean[at] = mean[at]! + (mask[at] === 1 ? coveredRate : calmRate) * (luma[at]! - mean[at]!);
        unrest[at] = Math.max(calmUnrest, unrest[at]! + unrestRate * (unrestNow - unrest[at]!));
      }
    }
  }
}

/** Difference of luma beyond which a pixel of so much unrest has changed. */
function limitOf(unrest: number): number {
  return calmThreshold + unrestWeight * (unrest - calmUnrest);
}
