import { area, clipped, type PixelBox } from '../../core/box.ts';
import type { ObservedClass, PixelSource } from '../../core/observation.ts';

/** Bins of one part: hues in two strengths, and greys. */
const HUES = 12;
const GREYS = 8;
const PART = HUES * 2 + GREYS;
/** Two parts: what is worn above and below, or the upper and the lower half of a thing. */
export const appearanceLength = PART * 2;

/** Samples along each side of a part. */
const SIDE = 24;
/** Colours paler than this are grey, and than this are vivid: saturation, 0..1. */
const [PALE, VIVID] = [0.15, 0.45];
/** A part of which less is in the picture is not known. */
const IN_PICTURE = 0.6;

/** Parts as shares of a box: x, y, width, height. Clothing is where bodies have it below a face or a head. */
const parts: Readonly<Record<'face' | 'head' | 'person' | 'thing', readonly [Share, Share]>> = {
  face: [
    [-0.6, 1.3, 2.2, 2],
    [-0.4, 3.8, 1.8, 2],
  ],
  head: [
    [-0.4, 1.15, 1.8, 1.3],
    [-0.2, 2.8, 1.4, 1.5],
  ],
  person: [
    [0.22, 0.18, 0.56, 0.32],
    [0.25, 0.52, 0.5, 0.36],
  ],
  thing: [
    [0.1, 0.1, 0.8, 0.4],
    [0.1, 0.5, 0.8, 0.4],
  ],
};
type Share = readonly [number, number, number, number];

/** Classes that show people: what they wear is comparable. */
const people: ReadonlySet<ObservedClass> = new Set(['face', 'head', 'person']);

/** Whether tracks of two classes may show one thing. */
export function isComparable(one: ObservedClass, other: ObservedClass): boolean {
  return one === other || (people.has(one) && people.has(other));
}

/**
 * The colours of what is in a box: {@link appearanceLength} numbers, 0..1, a part that cannot be seen all 0. They say
 * what somebody wears, not who it is, and light changes them.
 */
export function appearanceOf(source: PixelSource, box: PixelBox, name: ObservedClass): Float32Array {
  const shares = people.has(name) ? parts[name as 'face' | 'head' | 'person'] : parts.thing;
  const colours = new Float32Array(appearanceLength);
  for (const [index, [x, y, width, height]] of shares.entries()) {
    const place = {
      x: box.x + x * box.width,
      y: box.y + y * box.height,
      width: width * box.width,
      height: height * box.height,
    };
    const inside = clipped(place, source);
    if (area(inside) < IN_PICTURE * area(place) || inside.width < 2 || inside.height < 2) continue;
    const pixels = new Uint8Array(SIDE * SIDE * 3);
    source.readRgb(inside, SIDE, SIDE, pixels);
    colours.set(histogram(pixels), index * PART);
  }
  return colours;
}

/** One appearance from several: the mean of those in which a part was seen. */
export function meanAppearance(all: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(appearanceLength);
  for (let start = 0; start < appearanceLength; start += PART) {
    const seen = all.filter((one) => isSeen(one, start));
    for (let at = start; at < start + PART; at++)
      mean[at] = seen.reduce((sum, one) => sum + one[at]!, 0) / Math.max(1, seen.length);
  }
  return mean;
}

/** How alike two appearances are. */
export interface Likeness {
  /** 0..1: Bhattacharyya's coefficient, the mean of the parts that both show. */
  readonly score: number;
  readonly upper?: number;
  readonly lower?: number;
}

/** @returns undefined when no part can be seen in both. */
export function likeness(one: Float32Array, other: Float32Array): Likeness | undefined {
  const [upper, lower] = [0, PART].map((start) => {
    if (!isSeen(one, start) || !isSeen(other, start)) return undefined;
    let sum = 0;
    for (let at = start; at < start + PART; at++) sum += Math.sqrt(one[at]! * other[at]!);
    return Math.min(1, sum);
  });
  const known = [upper, lower].filter((part) => part !== undefined);
  if (known.length === 0) return undefined;
  return {
    score: known.reduce((sum, part) => sum + part, 0) / known.length,
    ...(upper === undefined ? {} : { upper }),
    ...(lower === undefined ? {} : { lower }),
  };
}

function isSeen(appearance: Float32Array, start: number): boolean {
  for (let at = start; at < start + PART; at++) if (appearance[at]! > 0) return true;
  return false;
}

function histogram(pixels: Uint8Array): Float32Array {
  const bins = new Float32Array(PART);
  for (let at = 0; at < pixels.length; at += 3) {
    const [red, green, blue] = [pixels[at]! / 255, pixels[at + 1]! / 255, pixels[at + 2]! / 255];
    const high = Math.max(red, green, blue);
    const spread = high - Math.min(red, green, blue);
    const saturation = high > 0 ? spread / high : 0;
    // Hues of what is nearly black are noise.
    const coloured = Math.min(1, Math.max(0, (saturation - PALE) / PALE)) * Math.min(1, high * 4);
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    spreadOver(bins, HUES * 2, GREYS, luma * GREYS - 0.5, 1 - coloured, false);
    if (coloured > 0) {
      const strong = saturation >= VIVID ? HUES : 0;
      spreadOver(bins, strong, HUES, hueOf(red, green, blue, high, spread) * HUES - 0.5, coloured, true);
    }
  }
  const sum = bins.reduce((total, value) => total + value, 0);
  return bins.map((value) => value / sum);
}

/** Shares a weight between the two bins next to a place, so that a small change of light moves little. */
function spreadOver(
  bins: Float32Array,
  start: number,
  count: number,
  place: number,
  weight: number,
  round: boolean,
): void {
  const lower = Math.floor(place);
  const upperShare = place - lower;
  const bin = (at: number): number =>
    start + (round ? (at + count) % count : Math.min(count - 1, Math.max(0, at)));
  bins[bin(lower)]! += weight * (1 - upperShare);
  bins[bin(lower + 1)]! += weight * upperShare;
}

/** 0..1 around the circle of colours. */
function hueOf(red: number, green: number, blue: number, high: number, spread: number): number {
  if (spread === 0) return 0;
  const sixth =
    high === red
      ? (green - blue) / spread
      : high === green
        ? 2 + (blue - red) / spread
        : 4 + (red - green) / spread;
  return ((sixth + 6) % 6) / 6;
}
