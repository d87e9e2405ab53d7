import { type Picture } from './picture.ts';
import type { Mark } from './truth.ts';

/** RGBA rows with alpha multiplied in, ready to be averaged and blended. */
export interface Layer {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
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
  const data = new Uint8Array(picture.data.length);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = picture.data[i + 3]!;
    for (let c = 0; c < 3; c++) data[i + c] = Math.round((picture.data[i + c]! * alpha) / 255);
    data[i + 3] = alpha;
  }
  return { width: picture.width, height: picture.height, data };
}

/** Half as wide and high, each pixel the mean of four. An odd last row or column is dropped. */
function halved(layer: Layer): Layer {
  const width = layer.width >> 1;
  const height = layer.height >> 1;
  const data = new Uint8Array(width * height * 4);
  const stride = layer.width * 4;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = y * 2 * stride + x * 8;
      for (let c = 0; c < 4; c++) {
        const i = from + c;
        const sum =
          layer.data[i]! + layer.data[i + 4]! + layer.data[i + stride]! + layer.data[i + stride + 4]!;
        data[(y * width + x) * 4 + c] = (sum + 2) >> 2;
      }
    }
  }
  return { width, height, data };
}
