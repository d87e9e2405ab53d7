import type { PixelBox, Size } from '../../core/box.ts';
import type { PixelSource } from '../../core/observation.ts';
import type { Seconds } from '../../core/time.ts';
import { scaleLuma, scalePicture } from '../../media/scale.ts';
import { meansOf3x3 } from './darkness.ts';

/** Most pixels that are worked on: in the dark, finer detail is noise. */
const mostPixels = 384 * 288;
/** Time without a look after which what was gathered is too old. */
const memory: Seconds = 2;
/** Weight of the newest picture where nothing moves, and where something does. */
const calmWeight = 0.35;
const movingWeight = 0.7;
/** Difference to what was gathered, in noise levels of a mean of 3 x 3 pixels, from which something moves. */
const movesFrom = 1.8;
/** Shares of the pixels that may be darker than black, and brighter than white. */
const [blackShare, whiteShare] = [0.01, 0.01];
/** Luma that the middle of a dark picture is brought to, and the most by which contrast is raised. */
const wantedMedian = 105;
const mostGain = 10;

/**
 * Makes dark pictures into ones that a detector knows: pictures of the last moments gathered where nothing moves, means of
 * neighbours where something does, and contrast stretched. One per camera; costs about twenty milliseconds for each picture.
 */
export class NightSight {
  readonly #size: Size;
  #gathered: Float32Array | undefined;
  #noise = 4;
  #time: Seconds = Number.NEGATIVE_INFINITY;

  /** @param picture pixels of the frames as displayed. */
  constructor(picture: Size) {
    const scale = Math.min(1, Math.sqrt(mostPixels / (picture.width * picture.height)));
    this.#size = { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) };
  }

  /** @param time later than that of the call before. @returns valid as long as the source is not needed for more. */
  look(source: PixelSource, time: Seconds): PixelSource {
    const { width, height } = this.#size;
    const pixels = new Uint8Array(width * height * 3);
    source.readRgb({ x: 0, y: 0, width: source.width, height: source.height }, width, height, pixels);
    const clean = this.#gather(pixels, time - this.#time > memory);
    this.#time = time;
    stretch(clean, pixels);
    return new Raised(source, { width, height, data: pixels, channels: 3 });
  }

  /** @returns colours of all pixels, packed as the pixels are. */
  #gather(pixels: Uint8Array, afresh: boolean): Float32Array {
    const { width, height } = this.#size;
    const gathered = afresh || this.#gathered === undefined ? Float32Array.from(pixels) : this.#gathered;
    this.#gathered = gathered;
    const count = width * height;
    const difference = new Float32Array(count);
    for (let at = 0, from = 0; at < count; at++, from += 3)
      difference[at] =
        (pixels[from]! -
          gathered[from]! +
          2 * (pixels[from + 1]! - gathered[from + 1]!) +
          pixels[from + 2]! -
          gathered[from + 2]!) /
        4;
    if (!afresh) this.#noise += 0.1 * (Math.max(0.5, levelOf(difference)) - this.#noise);
    const smooth = meansOf3x3(difference, width, height);
    const limit = (movesFrom * this.#noise) / 3;
    const clean = new Float32Array(pixels.length);
    for (let at = 0, from = 0; at < count; at++, from += 3) {
      const moves = afresh || Math.abs(smooth[at]!) > limit;
      const weight = moves ? movingWeight : calmWeight;
      for (let channel = from; channel < from + 3; channel++)
        gathered[channel] = gathered[channel]! + weight * (pixels[channel]! - gathered[channel]!);
    }
    for (let channel = 0; channel < 3; channel++) {
      const plane = new Float32Array(count);
      for (let at = 0; at < count; at++) plane[at] = gathered[3 * at + channel]!;
      const means = meansOf3x3(plane, width, height);
      for (let at = 0; at < count; at++)
        clean[3 * at + channel] = afresh || Math.abs(smooth[at]!) > limit ? means[at]! : plane[at]!;
    }
    return clean;
  }
}

/** Standard deviation of values of which most are noise: from the median of their sizes. */
function levelOf(values: Float32Array): number {
  const sample: number[] = [];
  for (let at = 0; at < values.length; at += 97) sample.push(Math.abs(values[at]!));
  sample.sort((a, b) => a - b);
  return sample[Math.floor(sample.length / 2)]! / 0.6745;
}

/** Brings colours to the whole range of bytes, the middle ones to a middle grey. */
function stretch(colours: Float32Array, target: Uint8Array): void {
  const steps = 8;
  const counts = new Uint32Array(256 * steps);
  for (let at = 1; at < colours.length; at += 3 * 5) {
    const place = Math.min(counts.length - 1, Math.max(0, Math.round(colours[at]! * steps)));
    counts[place] = counts[place]! + 1;
  }
  const [black, middle, white] = levelsAt(counts, [blackShare, 0.5, 1 - whiteShare]).map(
    (place) => place / steps,
  );
  const range = Math.max(255 / mostGain, white! - black!);
  const median = Math.min(0.9, Math.max(0.02, (middle! - black!) / range));
  const gamma = Math.min(1, Math.max(0.4, Math.log(wantedMedian / 255) / Math.log(median)));
  const table = new Uint8Array(256 * steps).map((_, place) => {
    const share = Math.min(1, Math.max(0, (place / steps - black!) / range));
    return Math.round(255 * share ** gamma);
  });
  for (let at = 0; at < target.length; at++)
    target[at] = table[Math.min(table.length - 1, Math.max(0, Math.round(colours[at]! * steps)))]!;
}

function levelsAt(counts: Uint32Array, shares: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return shares.map((share) => {
    let below = 0;
    return counts.findIndex((count) => (below += count) >= share * total);
  });
}

/** The raised picture in the place of its source. */
class Raised implements PixelSource {
  readonly width: number;
  readonly height: number;
  readonly #picture: Parameters<typeof scalePicture>[0];

  constructor({ width, height }: Size, picture: Parameters<typeof scalePicture>[0]) {
    this.width = width;
    this.height = height;
    this.#picture = picture;
  }

  readRgb(
    crop: PixelBox,
    width: number,
    height: number,
    target: Uint8Array,
    offset?: number,
    stride?: number,
  ): void {
    const x = this.#picture.width / this.width;
    const y = this.#picture.height / this.height;
    const part = { x: crop.x * x, y: crop.y * y, width: crop.width * x, height: crop.height * y };
    scalePicture(this.#picture, part, width, height, target, offset, stride);
  }

  readLuma(width: number, height: number): Uint8Array {
    const luma = new Uint8Array(width * height);
    scaleLuma(this.#picture, width, height, luma);
    return luma;
  }
}
