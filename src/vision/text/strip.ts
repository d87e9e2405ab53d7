import type { RgbImage } from '../detection.ts';

/** Widest strip given to a recogniser at once, in pixels of a 48-pixel-high strip: about 50 letters. */
const MAX_PIECE = 960;

/** A gap at least this wide, in pixels of a 48-pixel-high strip, is a space between words. */
const SPACE = 12;

/** Part of a strip, to be read on its own. */
export interface StripPiece {
  readonly image: RgbImage;
  /** True when the cut before this piece went through a space. */
  readonly afterSpace: boolean;
}

/**
 * Cuts a strip that is too long for the recogniser at its emptiest columns. Cutting between letters needs no overlap,
 * whose removal would be a guess wherever a character repeats (the fillers of an MRZ).
 */
export function splitStrip(strip: RgbImage): StripPiece[] {
  if (strip.width <= MAX_PIECE) return [{ image: strip, afterSpace: false }];
  const ink = columnInk(strip);
  const pieces: StripPiece[] = [];
  let start = 0;
  let afterSpace = false;
  while (strip.width - start > MAX_PIECE) {
    const [gapStart, gapEnd] = widestQuiet(ink, start + MAX_PIECE * 0.6, start + MAX_PIECE - 16);
    const cut = Math.round((gapStart + gapEnd) / 2);
    pieces.push({ image: columns(strip, start, cut), afterSpace });
    afterSpace = gapEnd - gapStart >= SPACE;
    start = cut;
  }
  pieces.push({ image: columns(strip, start, strip.width), afterSpace });
  return pieces;
}

/** Sum of absolute brightness steps up and down each column and to its right neighbour. */
export function columnInk(image: RgbImage): Float64Array {
  const ink = new Float64Array(image.width);
  for (let y = 0; y + 1 < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      const here = luma(image, x, y);
      ink[x]! += Math.abs(here - luma(image, x, y + 1));
      if (x + 1 < image.width) ink[x]! += Math.abs(here - luma(image, x + 1, y));
    }
  }
  return ink;
}

/** Sum of the channels, 0..765. */
export function luma(image: RgbImage, x: number, y: number): number {
  const at = (y * image.width + x) * 3;
  return image.data[at]! + image.data[at + 1]! + image.data[at + 2]!;
}

/** The longest stretch of columns in the range that hold little more ink than the emptiest one. */
function widestQuiet(ink: Float64Array, from: number, to: number): [start: number, end: number] {
  const first = Math.floor(from);
  const last = Math.floor(to);
  const range = ink.subarray(first, last);
  const least = range.reduce((a, b) => Math.min(a, b), Infinity);
  const mean = range.reduce((a, b) => a + b, 0) / range.length;
  const limit = least + (mean - least) * 0.2;
  let best: [number, number] = [last - 1, last];
  let length = 0;
  let start = first;
  for (let column = first; column <= last; column++) {
    if (column < last && ink[column]! <= limit) continue;
    if (column - start > length) {
      length = column - start;
      best = [start, column];
    }
    start = column + 1;
  }
  return best;
}

function columns(image: RgbImage, from: number, to: number): RgbImage {
  // A recogniser takes widths in steps of 8: the last columns are repeated to fill up.
  const width = Math.ceil((to - from) / 8) * 8;
  const data = new Uint8Array(width * image.height * 3);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * image.width + Math.min(from + x, to - 1)) * 3;
      data.set(image.data.subarray(at, at + 3), (y * width + x) * 3);
    }
  }
  return { width, height: image.height, data };
}
