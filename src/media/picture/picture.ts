import type { PixelBox } from '../../core/box.ts';
import type { PixelSource } from '../../core/observation.ts';
import { scalePicture } from '../scale.ts';
import type { RgbSurface } from '../surface.ts';
import type { PictureInfo } from './info.ts';

/** A still picture in memory: upright, 8-bit sRGB, with alpha when the file has it. */
export class Picture implements PixelSource {
  readonly info: PictureInfo;
  /** The pixels, to be drawn on in place. What reads the picture later sees what was drawn. */
  readonly surface: RgbSurface;

  constructor(surface: RgbSurface, info: PictureInfo) {
    this.surface = surface;
    this.info = info;
  }

  get width(): number {
    return this.surface.width;
  }

  get height(): number {
    return this.surface.height;
  }

  /** Alpha is laid over white, as viewers do. */
  readRgb(
    crop: PixelBox,
    width: number,
    height: number,
    target: Uint8Array,
    offset?: number,
    stride?: number,
  ): void {
    scalePicture(this.surface, crop, width, height, target, offset, stride);
  }

  /** BT.601 luma, as JPEG defines it. */
  readLuma(width: number, height: number): Uint8Array {
    const { data, channels } = this.surface;
    const size = { width: this.width, height: this.height };
    const luma = new Uint8Array(width * height);
    const whole = { x: 0, y: 0, ...size };
    scalePicture({ ...size, data: lumaOf(data, channels), channels: 1 }, whole, width, height, luma);
    return luma;
  }
}

/** Luma of every pixel in integers (weights in 1/65536), alpha laid over white. */
function lumaOf(data: Uint8Array, channels: 3 | 4): Uint8Array {
  const luma = new Uint8Array(data.length / channels);
  for (let pixel = 0, at = 0; pixel < luma.length; pixel++, at += channels) {
    const value = (19595 * data[at]! + 38470 * data[at + 1]! + 7471 * data[at + 2]! + 32768) >> 16;
    luma[pixel] = channels === 3 ? value : 255 + ((value - 255) * data[at + 3]!) / 255;
  }
  return luma;
}
