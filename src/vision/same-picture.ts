import { area, clipped, type PixelBox } from '../core/box.ts';
import type { PixelSource } from '../core/observation.ts';

/** What a place looked like, small. */
export interface Look {
  readonly box: PixelBox;
  /** Packed RGB. */
  readonly pixels: Uint8Array;
  /** Samples across. */
  readonly width: number;
}

/** Samples down; as many across as keep the proportions, in whole parts and within limits. */
const HEIGHT = 12;
const MOST_PARTS = 48;
/** A sample has changed when it differs by this share of the contrast in the place, and by this many levels at least. */
const SHARE_OF_CONTRAST = 0.3;
const LEAST_LEVELS = 20;
/** Samples across of the parts that are judged one by one: a letter or two. */
const PART = 8;
/** Share of the samples of a part that must have changed: one other letter changes more, noise changes none. */
const CHANGED_SHARE = 0.06;

/** Undefined for a place outside of the picture. */
export function lookAt(source: PixelSource, box: PixelBox): Look | undefined {
  const inside = clipped(box, source);
  if (area(inside) < 1) return undefined;
  const parts = Math.ceil((inside.width / inside.height) * (HEIGHT / PART));
  const width = PART * Math.min(MOST_PARTS, parts);
  const pixels = new Uint8Array(width * HEIGHT * 3);
  source.readRgb(inside, width, HEIGHT, pixels);
  return { box, pixels, width };
}

/** Whether a place looks as it did, but for noise. */
export function looksTheSame(source: PixelSource, before: Look): boolean {
  const now = lookAt(source, before.box);
  if (now === undefined) return false;
  let low = 255;
  let high = 0;
  for (const value of before.pixels) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const limit = Math.max(LEAST_LEVELS, (high - low) * SHARE_OF_CONTRAST);
  const changed = new Uint16Array(before.width / PART);
  before.pixels.forEach((value, index) => {
    const column = Math.floor(index / 3) % before.width;
    if (Math.abs(value - now.pixels[index]!) > limit) changed[Math.floor(column / PART)]! += 1;
  });
  return changed.every((count) => count <= PART * HEIGHT * 3 * CHANGED_SHARE);
}
