import { type Picture } from './picture.ts';
import type { Mark } from '../truth.ts';

/** One 32-bit word for each pixel: red in the lowest byte, then green, blue, alpha; alpha is multiplied in. */
export interface Layer {
  readonly width: number;
  readonly height: number;
  readonly data: Uint32Array;
}

/** A thing drawn once and placed many times, with what is known about it. */
export interface Sprite {
  readonly width: number;
  readonly height: number;
  /** The picture, then halves of it, down to 8 pixels: the one nearest the size on screen is sampled. */
  readonly layers: readonly Layer[];
  readonly marks: readonly Mark[];
}

export function toSprite(picture: Picture, marks: readonly Mark[]): Sprite {
  const layers = [premultiplied(picture)];
  for (let last = layers[0]!; Math.min(last.width, last.height) >= 16; last = layers.at(-1)!) {
    layers.push(halved(last));
  }
  return { width: picture.width, height: picture.height, layers, marks };
}

function premultiplied(picture: Picture): Layer {
  const data = new Uint32Array(picture.width * picture.height);
  for (let i = 0; i < data.length; i++) {
    const from = i * 4;
    const alpha = picture.data[from + 3]!;
    if (alpha === 0) continue;
    const share = alpha / 255;
    const red = Math.round(picture.data[from]! * share);
    const green = Math.round(picture.data[from + 1]! * share);
    const blue = Math.round(picture.data[from + 2]! * share);
    data[i] = (alpha << 24) | (blue << 16) | (green << 8) | red;
  }
  return { width: picture.width, height: picture.height, data };
}

/** Half as wide and high, each pixel the mean of four. An odd last row or column is dropped. */
function halved(layer: Layer): Layer {
  const width = layer.width >> 1;
  const height = layer.height >> 1;
  const data = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = y * 2 * layer.width + x * 2;
      data[y * width + x] = meanOf(
        layer.data[from]!,
        layer.data[from + 1]!,
        layer.data[from + layer.width]!,
        layer.data[from + layer.width + 1]!,
      );
    }
  }
  return { width, height, data };
}

function meanOf(a: number, b: number, c: number, d: number): number {
  let mean = 0;
  for (let shift = 0; shift < 32; shift += 8) {
    const sum = ((a >>> shift) & 255) + ((b >>> shift) & 255) + ((c >>> shift) & 255) + ((d >>> shift) & 255);
    mean |= ((sum + 2) >> 2) << shift;
  }
  return mean;
}
