import { hull, type PixelBox, type Size } from '../src/core/box.ts';
import type { Placement } from './motion.ts';
import type { Layer, Sprite } from './sprite.ts';

/** Packed 8-bit RGB rows. */
export interface RgbFrame extends Size {
  readonly data: Uint8Array;
}

/**
 * Draws a sprite as a camera with an open shutter sees it: the mean over all the placements, blended once onto the
 * frame. One placement gives a sharp picture.
 */
export function drawSprite(frame: RgbFrame, sprite: Sprite, places: readonly Placement[]): void {
  const rect = touched(frame, sprite, places);
  if (rect.width <= 0 || rect.height <= 0) return;
  const sums = new Uint16Array(rect.width * rect.height * 4);
  for (const place of places) accumulate(sums, rect, sprite, place);
  blend(frame, rect, sums, places.length);
}

/** The box of a part of a sprite (default: all of it) over all the placements, in frame pixels, not clipped. */
export function sweptBox(sprite: Sprite, places: readonly Placement[], part?: PixelBox): PixelBox {
  const own = part ?? { x: 0, y: 0, width: sprite.width, height: sprite.height };
  const boxes = places.map((place) => ({
    x: place.x + (own.x - sprite.width / 2) * place.scale,
    y: place.y + (own.y - sprite.height / 2) * place.scale,
    width: own.width * place.scale,
    height: own.height * place.scale,
  }));
  return boxes.reduce(hull);
}

/** Opacity (0..1) of a placed sprite at a point of the frame. */
export function opacityAt(sprite: Sprite, place: Placement, x: number, y: number): number {
  const column = Math.floor((x - place.x) / place.scale + sprite.width / 2);
  const row = Math.floor((y - place.y) / place.scale + sprite.height / 2);
  if (column < 0 || row < 0 || column >= sprite.width || row >= sprite.height) return 0;
  return sprite.layers[0]!.data[(row * sprite.width + column) * 4 + 3]! / 255;
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
function accumulate(sums: Uint16Array, rect: PixelBox, sprite: Sprite, place: Placement): void {
  const layer = layerFor(sprite, place.scale);
  const stepX = layer.width / (sprite.width * place.scale);
  const stepY = layer.height / (sprite.height * place.scale);
  const left = place.x - (sprite.width * place.scale) / 2;
  const top = place.y - (sprite.height * place.scale) / 2;
  const rowBytes = layer.width * 4;
  for (let row = 0; row < rect.height; row++) {
    const v = (rect.y + row + 0.5 - top) * stepY;
    if (v < 0 || v >= layer.height) continue;
    const y = Math.min(Math.max(v - 0.5, 0), layer.height - 1);
    const y0 = Math.floor(y);
    const below = y0 + 1 < layer.height ? rowBytes : 0;
    const fy = y - y0;
    let to = row * rect.width * 4;
    for (let column = 0; column < rect.width; column++, to += 4) {
      const u = (rect.x + column + 0.5 - left) * stepX;
      if (u < 0 || u >= layer.width) continue;
      const x = Math.min(Math.max(u - 0.5, 0), layer.width - 1);
      const x0 = Math.floor(x);
      addPixel(sums, to, layer.data, y0 * rowBytes + x0 * 4, x0 + 1 < layer.width ? 4 : 0, below, x - x0, fy);
    }
  }
}

function addPixel(
  sums: Uint16Array,
  to: number,
  data: Uint8Array,
  from: number,
  right: number,
  below: number,
  fx: number,
  fy: number,
): void {
  const w00 = (1 - fx) * (1 - fy);
  const w10 = fx * (1 - fy);
  const w01 = (1 - fx) * fy;
  const w11 = fx * fy;
  for (let c = 0; c < 4; c++) {
    const i = from + c;
    sums[to + c]! +=
      data[i]! * w00 + data[i + right]! * w10 + data[i + below]! * w01 + data[i + below + right]! * w11 + 0.5;
  }
}

function layerFor(sprite: Sprite, scale: number): Layer {
  const level = Math.max(0, Math.round(Math.log2(1 / scale) - 0.3));
  return sprite.layers[Math.min(level, sprite.layers.length - 1)]!;
}

function blend(frame: RgbFrame, rect: PixelBox, sums: Uint16Array, count: number): void {
  const whole = 255 * count;
  for (let row = 0; row < rect.height; row++) {
    let from = row * rect.width * 4;
    let to = ((rect.y + row) * frame.width + rect.x) * 3;
    for (let column = 0; column < rect.width; column++, from += 4, to += 3) {
      const alpha = sums[from + 3]!;
      if (alpha === 0) continue;
      const rest = (whole - alpha) / whole;
      for (let c = 0; c < 3; c++) {
        frame.data[to + c] = Math.min(255, sums[from + c]! / count + frame.data[to + c]! * rest + 0.5);
      }
    }
  }
}
