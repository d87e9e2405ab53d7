import type { PixelBox } from '../../core/box.ts';
import type { PixelSource } from '../../core/observation.ts';
import { scalePicture, type PackedPicture } from '../scale.ts';
import type { Picture } from './picture.ts';

/**
 * A picture with its halves, quarters and so on, for whoever reads many small versions of it: each read starts from the
 * smallest level that still has a pixel for every pixel asked for. The picture must not be drawn on meanwhile.
 */
export class PicturePyramid implements PixelSource {
  readonly #picture: Picture;
  readonly #levels: PackedPicture[];

  constructor(picture: Picture) {
    this.#picture = picture;
    this.#levels = [picture.surface];
  }

  get width(): number {
    return this.#picture.width;
  }

  get height(): number {
    return this.#picture.height;
  }

  readRgb(
    crop: PixelBox,
    width: number,
    height: number,
    target: Uint8Array,
    offset?: number,
    stride?: number,
  ): void {
    const shrink = Math.min(crop.width / width, crop.height / height);
    const level = this.#level(Math.max(0, Math.floor(Math.log2(Math.max(1, shrink)))));
    const x = level.width / this.width;
    const y = level.height / this.height;
    const smaller = { x: crop.x * x, y: crop.y * y, width: crop.width * x, height: crop.height * y };
    scalePicture(level, smaller, width, height, target, offset, stride);
  }

  readLuma(width: number, height: number): Uint8Array {
    return this.#picture.readLuma(width, height);
  }

  #level(number: number): PackedPicture {
    while (this.#levels.length <= number) {
      const larger = this.#levels.at(-1);
      if (larger === undefined || larger.width < 2 || larger.height < 2) break;
      this.#levels.push(half(larger));
    }
    return this.#levels[Math.min(number, this.#levels.length - 1)] ?? this.#picture.surface;
  }
}

function half(picture: PackedPicture): PackedPicture {
  // Sides that are odd do not halve evenly, and alpha has to be laid over white: the exact scaler does both.
  if (picture.channels !== 3 || picture.width % 2 === 1 || picture.height % 2 === 1)
    return halfExactly(picture);
  const width = picture.width / 2;
  const height = picture.height / 2;
  const data = new Uint8Array(width * height * 3);
  const { data: from } = picture;
  const below = picture.width * 3;
  let to = 0;
  for (let y = 0; y < height; y += 1) {
    let at = y * 2 * below;
    for (let x = 0; x < width; x += 1, at += 6, to += 3) {
      data[to] = (from[at]! + from[at + 3]! + from[at + below]! + from[at + below + 3]! + 2) >> 2;
      data[to + 1] = (from[at + 1]! + from[at + 4]! + from[at + below + 1]! + from[at + below + 4]! + 2) >> 2;
      data[to + 2] = (from[at + 2]! + from[at + 5]! + from[at + below + 2]! + from[at + below + 5]! + 2) >> 2;
    }
  }
  return { width, height, channels: 3, data };
}

function halfExactly(picture: PackedPicture): PackedPicture {
  const width = Math.ceil(picture.width / 2);
  const height = Math.ceil(picture.height / 2);
  const data = new Uint8Array(width * height * 3);
  const full = { x: 0, y: 0, width: picture.width, height: picture.height };
  scalePicture(picture, full, width, height, data);
  return { width, height, channels: 3, data };
}
