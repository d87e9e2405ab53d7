import type { PixelBox, Size } from '../../../src/core/box.ts';
import type { PixelSource } from '../../../src/core/observation.ts';
import { scaleLuma, scalePicture } from '../../../src/media/scale.ts';
import { addNoise, chanceOf } from './noise.ts';

/** How little light there is: `255 * gain * (v / 255) ** gamma`, and noise on each channel. */
export interface Night {
  readonly gain: number;
  readonly gamma: number;
  /** Deviation, levels of 0..255. */
  readonly noise: number;
}

/** The hard night: a mean level of 19 of 255 on the pedestrian clip, with noise as strong as the contrast of clothes. */
export const hardNight: Night = { gain: 0.2, gamma: 1.6, noise: 12 };

/** Makes night of packed RGB rows, in place. */
export function darken(pixels: Uint8Array, rowBytes: number, night: Night, seed: number): void {
  const levels = Uint8Array.from({ length: 256 }, (_, level) =>
    Math.round(255 * night.gain * (level / 255) ** night.gamma),
  );
  for (let at = 0; at < pixels.length; at++) pixels[at] = levels[pixels[at]!]!;
  addNoise(pixels, rowBytes, night.noise, chanceOf(seed));
}

/** A picture in memory, as packed RGB. */
export class Still implements PixelSource {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;

  constructor({ width, height }: Size, data: Uint8Array) {
    this.width = width;
    this.height = height;
    this.data = data;
  }

  get channels(): 3 {
    return 3;
  }

  readRgb(
    crop: PixelBox,
    width: number,
    height: number,
    target: Uint8Array,
    offset?: number,
    stride?: number,
  ): void {
    scalePicture(this, crop, width, height, target, offset, stride);
  }

  readLuma(width: number, height: number): Uint8Array {
    const luma = new Uint8Array(width * height);
    scaleLuma(this, width, height, luma);
    return luma;
  }
}

/** A source as it would look at night; `seed` differs from frame to frame. */
export function atNight(source: PixelSource, night: Night, seed: number): Still {
  const { width, height } = source;
  const data = new Uint8Array(width * height * 3);
  source.readRgb({ x: 0, y: 0, width, height }, width, height, data);
  darken(data, width * 3, night, seed);
  return new Still(source, data);
}
