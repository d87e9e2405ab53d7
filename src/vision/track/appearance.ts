import type { PixelBox } from '../../core/box.ts';
import type { PixelSource } from '../../core/observation.ts';

/**
 * The colours of a thing: two histograms, of its upper and its lower half, as roots of shares (their squares add up to 1
 * in each half). It tells clothes and paint apart for some seconds on one camera; it says nothing of who somebody is, and
 * must not be kept.
 */
export type Appearance = Float32Array;

/** Levels of each colour channel, and bins of one half. */
const levels = 4;
const bins = levels ** 3;
/** The sampled picture: the middle of the box, where there is little background. */
const sampled = { width: 12, height: 24 };
const middle = { x: 0.2, y: 0.12, width: 0.6, height: 0.76 };

/** Reads the colours of a box. */
export function appearanceOf(source: PixelSource, box: PixelBox): Appearance {
  const { width, height } = sampled;
  const pixels = new Uint8Array(width * height * 3);
  const crop = {
    x: box.x + middle.x * box.width,
    y: box.y + middle.y * box.height,
    width: middle.width * box.width,
    height: middle.height * box.height,
  };
  source.readRgb(crop, width, height, pixels);
  const histogram = new Float32Array(2 * bins);
  const share = 2 / (width * height);
  for (let at = 0, pixel = 0; at < pixels.length; at += 3, pixel++) {
    const half = pixel < (width * height) / 2 ? 0 : bins;
    const bin =
      levelOf(pixels[at]!) * levels ** 2 + levelOf(pixels[at + 1]!) * levels + levelOf(pixels[at + 2]!);
    histogram[half + bin] = histogram[half + bin]! + share;
  }
  return histogram.map(Math.sqrt);
}

function levelOf(byte: number): number {
  return Math.min(levels - 1, Math.floor((byte * levels) / 256));
}

/** 0 for nothing in common to 1 for the same (coefficient of A. Bhattacharyya, 1943, mean of both halves). */
export function likeness(a: Appearance, b: Appearance): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum / 2;
}

/** The appearance known so far with some of a new one. */
export function blended(known: Appearance, seen: Appearance, rate: number): Appearance {
  return known.map((root, at) => Math.sqrt((1 - rate) * root ** 2 + rate * seen[at]! ** 2));
}
