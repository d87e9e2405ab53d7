import { clipped, type PixelBox } from '../../core/box.ts';
import type { PixelSource } from '../../core/observation.ts';
import type { RgbImage } from '../detection.ts';

/** Height of the strips that PP-OCR recognisers read, in pixels. */
export const STRIP_HEIGHT = 48;

/** Which way the picture is turned so that the line reads from left to right. */
export type Turn = 'none' | 'left' | 'right' | 'half';

/** The corner of the line at which reading starts, for a picture turned by this much. */
const firstCorner: Record<Turn, number> = { none: 0, left: 1, half: 2, right: 3 };

/**
 * A tilted rectangle of a picture, made level: {@link STRIP_HEIGHT} pixels high and as wide as its proportions ask,
 * rounded to a multiple of 8. The picture is read at no more than its own resolution and sampled bilinearly; what
 * lies outside repeats the edge.
 *
 * @param corners x, y pairs in pixels, clockwise from the top left one.
 * @param turn `left` for a line that is written downwards, `right` for one written upwards, `half` for upside down.
 */
export function rectify(source: PixelSource, corners: readonly number[], turn: Turn = 'none'): RgbImage {
  const from = firstCorner[turn];
  const corner = (index: number): [number, number] => {
    const at = ((from + index) % 4) * 2;
    return [corners[at]!, corners[at + 1]!];
  };
  const [originX, originY] = corner(0);
  const [alongX, alongY] = minus(corner(1), corner(0));
  const [downX, downY] = minus(corner(3), corner(0));
  const lineHeight = Math.max(1, Math.hypot(downX, downY));
  const wanted = (Math.hypot(alongX, alongY) * STRIP_HEIGHT) / lineHeight;
  const width = Math.max(8, Math.round(wanted / 8) * 8);
  const { box, image } = readAround(source, corners, Math.min(1, STRIP_HEIGHT / lineHeight));
  const scaleX = image.width / box.width;
  const scaleY = image.height / box.height;
  return sample(image, width, STRIP_HEIGHT, {
    x: (originX - box.x) * scaleX - 0.5,
    y: (originY - box.y) * scaleY - 0.5,
    alongX: (alongX * scaleX) / width,
    alongY: (alongY * scaleY) / width,
    downX: (downX * scaleX) / STRIP_HEIGHT,
    downY: (downY * scaleY) / STRIP_HEIGHT,
  });
}

/** From strip to image: position of its corner, and the step per strip pixel along a row and down a column. */
interface Affine {
  readonly x: number;
  readonly y: number;
  readonly alongX: number;
  readonly alongY: number;
  readonly downX: number;
  readonly downY: number;
}

function minus(a: [number, number], b: [number, number]): [number, number] {
  return [a[0] - b[0], a[1] - b[1]];
}

function readAround(
  source: PixelSource,
  corners: readonly number[],
  scale: number,
): { box: PixelBox; image: RgbImage } {
  const xs = corners.filter((_, index) => index % 2 === 0);
  const ys = corners.filter((_, index) => index % 2 === 1);
  const left = Math.floor(Math.min(...xs)) - 1;
  const top = Math.floor(Math.min(...ys)) - 1;
  const hull = { x: left, y: top, width: Math.max(...xs) + 1 - left, height: Math.max(...ys) + 1 - top };
  const box = clipped({ ...hull, width: Math.ceil(hull.width), height: Math.ceil(hull.height) }, source);
  if (box.width < 1 || box.height < 1) {
    throw new RangeError(`the line at ${left}, ${top} lies outside the picture`);
  }
  const width = Math.max(1, Math.round(box.width * scale));
  const height = Math.max(1, Math.round(box.height * scale));
  const data = new Uint8Array(width * height * 3);
  source.readRgb(box, width, height, data);
  return { box, image: { width, height, data } };
}

function sample(image: RgbImage, width: number, height: number, map: Affine): RgbImage {
  const data = new Uint8Array(width * height * 3);
  const lastX = image.width - 1;
  const lastY = image.height - 1;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const rawX = map.x + map.alongX * (column + 0.5) + map.downX * (row + 0.5);
      const rawY = map.y + map.alongY * (column + 0.5) + map.downY * (row + 0.5);
      const x = Math.min(lastX, Math.max(0, rawX));
      const y = Math.min(lastY, Math.max(0, rawY));
      const x0 = Math.floor(x);
      const y0 = Math.floor(y);
      const right = (Math.min(lastX, x0 + 1) - x0) * 3;
      const below = (Math.min(lastY, y0 + 1) - y0) * image.width * 3;
      const fx = x - x0;
      const fy = y - y0;
      const from = (y0 * image.width + x0) * 3;
      const to = (row * width + column) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const at = from + channel;
        const upper = image.data[at]! * (1 - fx) + image.data[at + right]! * fx;
        const lower = image.data[at + below]! * (1 - fx) + image.data[at + below + right]! * fx;
        data[to + channel] = upper * (1 - fy) + lower * fy + 0.5;
      }
    }
  }
  return { width, height, data };
}
