import type { PixelBox, Size } from '../../core/box.ts';
import type { PixelSource } from '../../core/observation.ts';
import type { Seconds } from '../../core/time.ts';
import { scaleLuma, scalePicture, type PackedPicture } from '../../media/scale.ts';
import { meansOf3x3 } from './darkness.ts';

/** Most pixels that are worked on: in the dark, finer detail is noise. */
const mostPixels = 384 * 288;
/** Time without a look after which what was gathered is too old. */
const memory: Seconds = 2;
/** Weight of the newest picture where nothing moves. */
const calmWeight = 0.25;
/** Difference to what was gathered, in noise levels, up to which nothing moves, and from which something surely does. */
const [calmUpTo, movesFrom] = [1.5, 3.5];
/** Noise that two means of 3 x 3 pixels leave, as a share of the noise of a pixel. */
const leftByTwoMeans = 0.24;
/** Means of 3 x 3 pixels taken one after the other of colour, of which eyes and detectors need little detail. */
const colourMeans = 3;
/** Shares of the pixels that may be darker than black, and brighter than white. */
const [blackShare, whiteShare] = [0.01, 0.01];
/** Luma that the middle of a dark picture is brought to, and the most by which contrast is raised. */
const wantedMedian = 105;
const mostGain = 12;
/** Steps of a level of luma that levels are counted and raised in. */
const steps = 8;

/** Luma, and blue and red less luma, one value a pixel. */
interface Planes {
  readonly luma: Float32Array;
  readonly blue: Float32Array;
  readonly red: Float32Array;
}

/**
 * Makes dark pictures into ones that a detector knows: pictures of the last moments gathered where nothing moves, luma as
 * means of neighbours where something does, colour as means of more of them, and contrast stretched. One per camera.
 */
export class NightSight {
  readonly #size: Size;
  #gathered: Planes | undefined;
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
    const clean = this.#gather(split(pixels, this.#size), time - this.#time > memory);
    this.#time = time;
    stretch(clean, pixels);
    return new Raised(source, { width, height, data: pixels, channels: 3 });
  }

  /** Luma and colour with less noise, from the newest picture and those before it. */
  #gather(seen: Planes, afresh: boolean): Planes {
    const { width, height } = this.#size;
    const near = meansOf3x3(seen.luma, width, height);
    const known = this.#gathered;
    if (afresh || known === undefined) {
      this.#gathered = seen;
      return { ...seen, luma: near };
    }
    const moving = this.#moving(seen.luma, known.luma);
    gatherInto(known.luma, seen.luma, moving);
    gatherInto(known.blue, seen.blue, moving);
    gatherInto(known.red, seen.red, moving);
    const luma = near.map((value, at) => known.luma[at]! + moving[at]! * (value - known.luma[at]!));
    return { ...known, luma };
  }

  /** How surely something moves at each pixel, 0..1; learns the noise on the way. */
  #moving(luma: Float32Array, known: Float32Array): Float32Array {
    const { width, height } = this.#size;
    const difference = luma.map((value, at) => value - known[at]!);
    this.#noise += 0.2 * (Math.max(0.5, levelOf(difference)) - this.#noise);
    const unit = this.#noise * leftByTwoMeans;
    const smooth = meansOf3x3(meansOf3x3(difference, width, height), width, height);
    const sure = smooth.map((value) =>
      Math.min(1, Math.max(0, (Math.abs(value) / unit - calmUpTo) / (movesFrom - calmUpTo))),
    );
    return meansOf3x3(sure, width, height);
  }
}

/** Leads what was gathered of a plane to what is seen, faster where something moves. */
function gatherInto(known: Float32Array, seen: Float32Array, moving: Float32Array): void {
  for (let at = 0; at < known.length; at++) {
    const weight = calmWeight + (1 - calmWeight) * moving[at]!;
    known[at] = known[at]! + weight * (seen[at]! - known[at]!);
  }
}

/** Packed RGB as luma (BT.601) and smoothed colour. */
function split(pixels: Uint8Array, { width, height }: Size): Planes {
  const count = width * height;
  const luma = new Float32Array(count);
  let blue: Float32Array = new Float32Array(count);
  let red: Float32Array = new Float32Array(count);
  for (let at = 0, from = 0; at < count; at++, from += 3) {
    luma[at] = 0.299 * pixels[from]! + 0.587 * pixels[from + 1]! + 0.114 * pixels[from + 2]!;
    red[at] = pixels[from]! - luma[at]!;
    blue[at] = pixels[from + 2]! - luma[at]!;
  }
  for (let turn = 0; turn < colourMeans; turn++)
    [blue, red] = [meansOf3x3(blue, width, height), meansOf3x3(red, width, height)];
  return { luma, blue, red };
}

/** Standard deviation of values of which most are noise: from the median of their sizes. */
function levelOf(values: Float32Array): number {
  const sample: number[] = [];
  for (let at = 0; at < values.length; at += 97) sample.push(Math.abs(values[at]!));
  sample.sort((a, b) => a - b);
  return sample[Math.floor(sample.length / 2)]! / 0.6745;
}

/** Brings luma to the whole range of bytes, its middle to a middle grey, and colour with it; writes packed RGB. */
function stretch({ luma, blue, red }: Planes, target: Uint8Array): void {
  const counts = new Uint32Array(256 * steps);
  const placeOf = (value: number): number =>
    Math.min(counts.length - 1, Math.max(0, Math.round(value * steps)));
  for (let at = 1; at < luma.length; at += 5) {
    const place = placeOf(luma[at]!);
    counts[place] = counts[place]! + 1;
  }
  const [black, middle, white] = levelsAt(counts, [blackShare, 0.5, 1 - whiteShare]).map(
    (place) => place / steps,
  );
  const range = Math.max(255 / mostGain, white! - black!);
  const median = Math.min(0.9, Math.max(0.02, (middle! - black!) / range));
  const gamma = Math.min(1, Math.max(0.4, Math.log(wantedMedian / 255) / Math.log(median)));
  const table = new Float32Array(256 * steps).map((_, place) => {
    const share = Math.min(1, Math.max(0, (place / steps - black!) / range));
    return 255 * share ** gamma;
  });
  const byte = (value: number): number => Math.min(255, Math.max(0, value));
  for (let at = 0, to = 0; at < luma.length; at++, to += 3) {
    const level = table[placeOf(luma[at]!)]!;
    const gain = Math.min(mostGain, level / Math.max(2, luma[at]!));
    const [r, b] = [gain * red[at]!, gain * blue[at]!];
    target[to] = byte(level + r);
    target[to + 1] = byte(level - (0.299 * r + 0.114 * b) / 0.587);
    target[to + 2] = byte(level + b);
  }
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
  readonly #picture: PackedPicture;

  constructor({ width, height }: Size, picture: PackedPicture) {
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
