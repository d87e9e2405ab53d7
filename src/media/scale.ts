import type { PixelBox, Size } from '../core/box.ts';
import { clipped } from '../core/box.ts';

/** Packed 8-bit rows: 1 channel (grey), 3 (RGB) or 4 (RGB and alpha, not premultiplied). */
export interface PackedPicture extends Size {
  readonly data: Uint8Array;
  readonly channels: 1 | 3 | 4;
}

/** Which source samples make one target sample: `first` to `last`, all of weight `scale` but those two. */
interface Taps {
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly firstWeight: Float64Array;
  readonly lastWeight: Float64Array;
  readonly scale: number;
}

/**
 * Scales the rectangle `crop` (clipped to the picture, fractions allowed) to `width` x `height`: the mean of the area
 * each target pixel covers when it shrinks, bilinear when it grows, each axis on its own. Alpha is laid over white, as
 * viewers do, so 4 channels come out as 3. An empty crop gives black.
 * @param target receives packed rows, from `offset` on, `stride` bytes apart (default: no gap).
 * @throws RangeError when the rows do not fit into the target.
 */
export function scalePicture(
  picture: PackedPicture,
  crop: PixelBox,
  width: number,
  height: number,
  target: Uint8Array,
  offset = 0,
  stride = width * Math.min(3, picture.channels),
): void {
  const channels = picture.channels === 1 ? 1 : 3;
  const row = width * channels;
  if (!(width > 0 && height > 0 && stride >= row && offset + (height - 1) * stride + row <= target.length)) {
    throw new RangeError(
      `${width} x ${height} at ${offset}, stride ${stride}, do not fit ${target.length} bytes`,
    );
  }
  const area = clipped(crop, picture);
  if (!(area.width > 0 && area.height > 0)) {
    for (let y = 0; y < height; y++) target.fill(0, offset + y * stride, offset + y * stride + row);
    return;
  }
  const across = tapsFor(area.x, area.width, width, picture.width);
  const down = tapsFor(area.y, area.height, height, picture.height);
  const scaleRow = rowScalers[picture.channels];
  const line = new Float64Array(row);
  scaleRows(down, line, target, offset, stride, (from) => {
    scaleRow(picture.data, from * picture.width * picture.channels, across, line);
  });
}

/**
 * Scales the BT.601 luma of a whole picture (as JPEG defines it; in integers, weights in 1/65536) to `width` x `height`,
 * as {@link scalePicture} would. Alpha is laid over white.
 * @param target receives packed rows.
 */
export function scaleLuma(picture: PackedPicture, width: number, height: number, target: Uint8Array): void {
  const across = tapsFor(0, picture.width, width, picture.width);
  const down = tapsFor(0, picture.height, height, picture.height);
  const line = new Float64Array(width);
  // Row by row, as a luma picture of its own would go through memory twice.
  const luma = new Uint8Array(picture.width);
  const toLuma = picture.channels === 4 ? lumaOverWhite : lumaOf;
  scaleRows(down, line, target, 0, width, (from) => {
    toLuma(picture.data, from * picture.width * picture.channels, luma);
    rowScalers[1](luma, 0, across, line);
  });
}

/** @param scaleRow puts a row of the source, scaled across, into `line`. */
function scaleRows(
  down: Taps,
  line: Float64Array,
  target: Uint8Array,
  offset: number,
  stride: number,
  scaleRow: (row: number) => void,
): void {
  const sums = new Float64Array(line.length);
  let lineOf = -1;
  for (let y = 0; y < down.first.length; y++) {
    sums.fill(0.5);
    for (let from = down.first[y]!; from <= down.last[y]!; from++) {
      const weight = rowWeight(down, y, from);
      if (weight === 0) continue;
      // A row at the border of two target rows counts for both.
      if (from !== lineOf) scaleRow(from);
      lineOf = from;
      for (let i = 0; i < sums.length; i++) sums[i]! += weight * line[i]!;
    }
    for (let i = 0, to = offset + y * stride; i < sums.length; i++, to++) target[to] = sums[i]!;
  }
}

function lumaOf(data: Uint8Array, row: number, luma: Uint8Array): void {
  for (let x = 0, at = row; x < luma.length; x++, at += 3) {
    luma[x] = (19595 * data[at]! + 38470 * data[at + 1]! + 7471 * data[at + 2]! + 32768) >> 16;
  }
}

function lumaOverWhite(data: Uint8Array, row: number, luma: Uint8Array): void {
  for (let x = 0, at = row; x < luma.length; x++, at += 4) {
    const value = (19595 * data[at]! + 38470 * data[at + 1]! + 7471 * data[at + 2]! + 32768) >> 16;
    luma[x] = 255 + ((value - 255) * data[at + 3]!) / 255;
  }
}

function rowWeight(taps: Taps, at: number, row: number): number {
  const whole =
    row === taps.first[at] ? taps.firstWeight[at]! : row === taps.last[at] ? taps.lastWeight[at]! : 1;
  return whole * taps.scale;
}

function tapsFor(start: number, length: number, count: number, limit: number): Taps {
  const ratio = length / count;
  const taps = {
    first: new Int32Array(count),
    last: new Int32Array(count),
    firstWeight: new Float64Array(count),
    lastWeight: new Float64Array(count),
    scale: ratio > 1 ? 1 / ratio : 1,
  };
  for (let i = 0; i < count; i++) {
    // Both cases are a mean over a window: as wide as the target pixel, or one source pixel wide around its centre.
    const window = Math.max(1, ratio);
    const from = start + (i + 0.5) * ratio - window / 2;
    const to = from + window;
    const first = Math.min(limit - 1, Math.max(0, Math.floor(from)));
    const last = Math.min(limit - 1, Math.max(first, Math.ceil(to) - 1));
    taps.first[i] = first;
    taps.last[i] = last;
    // What hangs over the picture's edge counts as its outermost pixel.
    taps.firstWeight[i] = first === last ? window : first + 1 - from;
    taps.lastWeight[i] = first === last ? 0 : to - last;
  }
  return taps;
}

type RowScaler = (data: Uint8Array, row: number, taps: Taps, line: Float64Array) => void;

/** One per layout: the inner loops are most of the cost, and a generic one takes three times as long. */
const rowScalers: Record<1 | 3 | 4, RowScaler> = {
  1: (data, row, { first, last, firstWeight, lastWeight, scale }, line) => {
    for (let x = 0; x < first.length; x++) {
      const from = row + first[x]!;
      const to = row + last[x]!;
      let sum = data[from]! * firstWeight[x]! + data[to]! * lastWeight[x]!;
      for (let i = from + 1; i < to; i++) sum += data[i]!;
      line[x] = sum * scale;
    }
  },
  3: (data, row, { first, last, firstWeight, lastWeight, scale }, line) => {
    for (let x = 0, out = 0; x < first.length; x++, out += 3) {
      const from = row + first[x]! * 3;
      const to = row + last[x]! * 3;
      let r = 0;
      let g = 0;
      let b = 0;
      for (let i = from + 3; i < to; i += 3) {
        r += data[i]!;
        g += data[i + 1]!;
        b += data[i + 2]!;
      }
      const [low, high] = [firstWeight[x]!, lastWeight[x]!];
      line[out] = (r + data[from]! * low + data[to]! * high) * scale;
      line[out + 1] = (g + data[from + 1]! * low + data[to + 1]! * high) * scale;
      line[out + 2] = (b + data[from + 2]! * low + data[to + 2]! * high) * scale;
    }
  },
  4: (data, row, { first, last, firstWeight, lastWeight, scale }, line) => {
    for (let x = 0, out = 0; x < first.length; x++, out += 3) {
      const to = row + last[x]! * 4;
      let r = 0;
      let g = 0;
      let b = 0;
      let weight = firstWeight[x]!;
      for (let i = row + first[x]! * 4; i <= to; i += 4) {
        const alpha = data[i + 3]! / 255;
        const white = 255 * (1 - alpha);
        r += weight * (white + alpha * data[i]!);
        g += weight * (white + alpha * data[i + 1]!);
        b += weight * (white + alpha * data[i + 2]!);
        weight = i + 4 === to ? lastWeight[x]! : 1;
      }
      line[out] = r * scale;
      line[out + 1] = g * scale;
      line[out + 2] = b * scale;
    }
  },
};
