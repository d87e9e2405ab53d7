import type { PixelBox, Size } from '../../core/box.ts';
import { upright, type Orientation } from '../surface.ts';

/**
 * Reads an FFmpeg display matrix: nine little-endian int32, row vectors, so that stored x runs along (m0, m1) and
 * stored y along (m3, m4) of the displayed picture. Turns that are no multiple of 90 degrees go to the nearest one.
 */
export function orientationOf(displayMatrix: Buffer | null): Orientation {
  if (displayMatrix === null || displayMatrix.length < 36) return upright;
  const [a, b, c, d] = [0, 4, 12, 16].map((offset) => displayMatrix.readInt32LE(offset)) as [
    number,
    number,
    number,
    number,
  ];
  const mirrored = a * d - b * c < 0;
  const degrees = (Math.atan2(b, mirrored ? -a : a) * 180) / Math.PI;
  const quarter = ((Math.round(degrees / 90) % 4) + 4) % 4;
  return { rotation: ([0, 90, 180, 270] as const)[quarter] ?? 0, mirrored };
}

/** Size of a stored picture as it is seen. */
export function displayedSize(stored: Size, orientation: Orientation): Size {
  return orientation.rotation % 180 === 0
    ? { width: stored.width, height: stored.height }
    : { width: stored.height, height: stored.width };
}

/** A rectangle of the displayed picture, in the coordinates of the stored one. */
export function toStored(box: PixelBox, stored: Size, { rotation, mirrored }: Orientation): PixelBox {
  const shown = displayedSize(stored, { rotation, mirrored });
  const x = mirrored ? shown.width - box.x - box.width : box.x;
  switch (rotation) {
    case 0:
      return { ...box, x };
    case 90:
      return { x: box.y, y: stored.height - x - box.width, width: box.height, height: box.width };
    case 180:
      return { ...box, x: stored.width - x - box.width, y: stored.height - box.y - box.height };
    case 270:
      return { x: stored.width - box.y - box.height, y: x, width: box.height, height: box.width };
  }
}

/**
 * Copies packed pixels of a stored picture into their displayed order.
 * @param from `stored.width` x `stored.height` pixels with `fromStride` bytes per row.
 * @param to receives the turned picture from byte `offset` on, `toStride` bytes per row.
 */
export function turnPixels(
  from: Uint8Array,
  fromStride: number,
  stored: Size,
  { rotation, mirrored }: Orientation,
  channels: number,
  to: Uint8Array,
  offset: number,
  toStride: number,
): void {
  const shown = displayedSize(stored, { rotation, mirrored });
  if (rotation === 0 && !mirrored) {
    for (let row = 0; row < shown.height; row++) {
      const source = row * fromStride;
      to.set(from.subarray(source, source + shown.width * channels), offset + row * toStride);
    }
    return;
  }
  const { first, right, down } = walk(stored, rotation, mirrored);
  const step = right.x * channels + right.y * fromStride;
  for (let row = 0; row < shown.height; row++) {
    let source = (first.x + row * down.x) * channels + (first.y + row * down.y) * fromStride;
    let target = offset + row * toStride;
    for (let column = 0; column < shown.width; column++) {
      for (let channel = 0; channel < channels; channel++) to[target++] = from[source + channel] ?? 0;
      source += step;
    }
  }
}

/** Where the displayed top-left pixel is stored, and which way one goes there for "right" and "down". */
function walk(stored: Size, rotation: Orientation['rotation'], mirrored: boolean) {
  const [w, h] = [stored.width - 1, stored.height - 1];
  const turned = {
    0: { first: { x: 0, y: 0 }, right: { x: 1, y: 0 }, down: { x: 0, y: 1 } },
    90: { first: { x: 0, y: h }, right: { x: 0, y: -1 }, down: { x: 1, y: 0 } },
    180: { first: { x: w, y: h }, right: { x: -1, y: 0 }, down: { x: 0, y: -1 } },
    270: { first: { x: w, y: 0 }, right: { x: 0, y: 1 }, down: { x: -1, y: 0 } },
  }[rotation];
  if (!mirrored) return turned;
  const { first, right, down } = turned;
  const span = rotation % 180 === 0 ? w : h;
  const last = { x: first.x + right.x * span, y: first.y + right.y * span };
  return { first: last, right: { x: -right.x, y: -right.y }, down };
}
