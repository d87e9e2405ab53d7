import { hull, type PixelBox, type Size } from '../../core/box.ts';
import type { Placement } from './motion.ts';
import type { Layer, Sprite } from './sprite.ts';
import type { Point } from '../truth.ts';

/** Packed 8-bit RGB rows. */
export interface RgbFrame extends Size {
  readonly data: Uint8Array;
}

/** Sums of premultiplied samples, 16 bits for each component: enough for 257 exposures. */
interface Sums {
  readonly redBlue: Uint32Array;
  readonly greenAlpha: Uint32Array;
}

/**
 * Draws a sprite as a camera with an open shutter sees it: the mean over all the placements, blended once onto the
 * frame. One placement gives a sharp picture.
 */
export function drawSprite(frame: RgbFrame, sprite: Sprite, places: readonly Placement[]): void {
  const rect = touched(frame, sprite, places);
  if (rect.width <= 0 || rect.height <= 0) return;
  const pixels = rect.width * rect.height;
  const sums = { redBlue: new Uint32Array(pixels), greenAlpha: new Uint32Array(pixels) };
  for (const place of places) accumulate(sums, rect, sprite, place);
  blend(frame, rect, sums, places.length);
}

/**
 * The box of a part of a sprite (default: all of it) over all the placements, in frame pixels, not clipped.
 * @param oval the part fills only the ellipse in its box.
 */
export function sweptBox(
  sprite: Sprite,
  places: readonly Placement[],
  part?: PixelBox,
  oval = false,
): PixelBox {
  const own = part ?? { x: 0, y: 0, width: sprite.width, height: sprite.height };
  return places
    .map((place) => (oval ? boundOval(sprite, place, own) : boundRectangle(sprite, place, own)))
    .reduce(hull);
}

/** The corners of a part of a placed sprite, clockwise from its upper left. */
export function cornersOf(sprite: Sprite, place: Placement, { x, y, width, height }: PixelBox): Point[] {
  const [cos, sin] = [Math.cos(place.turn ?? 0), Math.sin(place.turn ?? 0)];
  const corners = [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ] as const;
  return corners.map(([column, row]): Point => {
    const [dx, dy] = [(column - sprite.width / 2) * place.scale, (row - sprite.height / 2) * place.scale];
    return [place.x + dx * cos - dy * sin, place.y + dx * sin + dy * cos];
  });
}

function boundRectangle(sprite: Sprite, place: Placement, part: PixelBox): PixelBox {
  const corners = cornersOf(sprite, place, part);
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** The box of a turned ellipse reaches to the root of the sum of squares of its axes' shadows on each side. */
function boundOval(sprite: Sprite, place: Placement, part: PixelBox): PixelBox {
  const corners = cornersOf(sprite, place, part);
  const [x, y] = [(corners[0]![0] + corners[2]![0]) / 2, (corners[0]![1] + corners[2]![1]) / 2];
  const [cos, sin] = [Math.cos(place.turn ?? 0), Math.sin(place.turn ?? 0)];
  const [a, b] = [part.width * place.scale, part.height * place.scale];
  const [width, height] = [Math.hypot(a * cos, b * sin), Math.hypot(a * sin, b * cos)];
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/** Opacity (0..1) of a placed sprite at a point of the frame. */
export function opacityAt(sprite: Sprite, place: Placement, x: number, y: number): number {
  const [cos, sin] = [Math.cos(place.turn ?? 0), Math.sin(place.turn ?? 0)];
  const [dx, dy] = [x - place.x, y - place.y];
  const column = Math.floor((dx * cos + dy * sin) / place.scale + sprite.width / 2);
  const row = Math.floor((dy * cos - dx * sin) / place.scale + sprite.height / 2);
  if (column < 0 || row < 0 || column >= sprite.width || row >= sprite.height) return 0;
  return (sprite.layers[0]!.data[row * sprite.width + column]! >>> 24) / 255;
}

function touched(frame: Size, sprite: Sprite, places: readonly Placement[]): PixelBox {
  const box = sweptBox(sprite, places);
  const x = Math.max(0, Math.floor(box.x));
  const y = Math.max(0, Math.floor(box.y));
  return {
    x,
    y,
    width: Math.min(frame.width, Math.ceil(box.x + box.width)) - x,
    height: Math.min(frame.height, Math.ceil(box.y + box.height)) - y,
  };
}

/** Adds one bilinear sampling of the sprite to the sums. Pixels whose centre lies outside the sprite get nothing. */
function accumulate(sums: Sums, rect: PixelBox, sprite: Sprite, place: Placement): void {
  const layer = layerFor(sprite, place.scale);
  const [cos, sin] = [Math.cos(place.turn ?? 0), Math.sin(place.turn ?? 0)];
  const across = layer.width / (sprite.width * place.scale);
  const down = layer.height / (sprite.height * place.scale);
  // What one column to the right means in the layer.
  const [stepU, stepV] = [cos * across, -sin * down];
  const dx = rect.x + 0.5 - place.x;
  for (let row = 0; row < rect.height; row++) {
    const dy = rect.y + row + 0.5 - place.y;
    const firstU = layer.width / 2 + (dx * cos + dy * sin) * across;
    const firstV = layer.height / 2 + (dy * cos - dx * sin) * down;
    for (let column = 0; column < rect.width; column++) {
      const u = firstU + column * stepU;
      const v = firstV + column * stepV;
      if (u < 0 || u >= layer.width || v < 0 || v >= layer.height) continue;
      const x = sampleAt(u, layer.width);
      const y = sampleAt(v, layer.height);
      const upper = (y >> FRACTION_BITS) * layer.width;
      const lower = y >> FRACTION_BITS < layer.height - 1 ? upper + layer.width : upper;
      addPixel(sums, row * rect.width + column, layer, upper, lower, x, y & FRACTION_MASK);
    }
  }
}

const FRACTION_BITS = 8;
const FRACTION_MASK = 255;
const TWO_BYTES = 0x00ff00ff;

/** A position between pixel centres in 24.8 fixed point, kept inside the row or column. */
function sampleAt(position: number, length: number): number {
  const inside = Math.min(Math.max(position - 0.5, 0), length - 1);
  return Math.floor(inside * (1 << FRACTION_BITS));
}

/** Two components share a 32-bit word, 16 bits each, so that one multiplication weights both. */
function addPixel(
  sums: Sums,
  to: number,
  layer: Layer,
  upper: number,
  lower: number,
  x: number,
  fy: number,
): void {
  const left = x >> FRACTION_BITS;
  const right = left < layer.width - 1 ? left + 1 : left;
  const p00 = layer.data[upper + left]!;
  const p10 = layer.data[upper + right]!;
  const p01 = layer.data[lower + left]!;
  const p11 = layer.data[lower + right]!;
  if ((p00 | p10 | p01 | p11) === 0) return;
  const fx = x & FRACTION_MASK;
  const w11 = (fx * fy) >> FRACTION_BITS;
  const w10 = fx - w11;
  const w01 = fy - w11;
  const w00 = 256 - fx - w01;
  const redBlue =
    Math.imul(p00 & TWO_BYTES, w00) +
    Math.imul(p10 & TWO_BYTES, w10) +
    Math.imul(p01 & TWO_BYTES, w01) +
    Math.imul(p11 & TWO_BYTES, w11);
  const greenAlpha =
    Math.imul((p00 >>> 8) & TWO_BYTES, w00) +
    Math.imul((p10 >>> 8) & TWO_BYTES, w10) +
    Math.imul((p01 >>> 8) & TWO_BYTES, w01) +
    Math.imul((p11 >>> 8) & TWO_BYTES, w11);
  sums.redBlue[to]! += (redBlue >>> 8) & TWO_BYTES;
  sums.greenAlpha[to]! += (greenAlpha >>> 8) & TWO_BYTES;
}

function layerFor(sprite: Sprite, scale: number): Layer {
  const level = Math.max(0, Math.round(Math.log2(1 / scale) - 0.3));
  return sprite.layers[Math.min(level, sprite.layers.length - 1)]!;
}

function blend(frame: RgbFrame, rect: PixelBox, sums: Sums, count: number): void {
  const whole = 255 * count;
  for (let row = 0; row < rect.height; row++) {
    let from = row * rect.width;
    let to = ((rect.y + row) * frame.width + rect.x) * 3;
    for (let column = 0; column < rect.width; column++, from++, to += 3) {
      const greenAlpha = sums.greenAlpha[from]!;
      if (greenAlpha === 0) continue;
      const redBlue = sums.redBlue[from]!;
      const rest = (whole - (greenAlpha >>> 16)) / whole;
      frame.data[to] = (redBlue & 0xffff) / count + frame.data[to]! * rest + 0.5;
      frame.data[to + 1] = (greenAlpha & 0xffff) / count + frame.data[to + 1]! * rest + 0.5;
      frame.data[to + 2] = (redBlue >>> 16) / count + frame.data[to + 2]! * rest + 0.5;
    }
  }
}
