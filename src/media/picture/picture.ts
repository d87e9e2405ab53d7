import type { PixelBox } from '../../core/box.ts';
import type { PixelSource } from '../../core/observation.ts';
import { scaleLuma, scalePicture } from '../scale.ts';
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
    const luma = new Uint8Array(width * height);
    scaleLuma(this.surface, width, height, luma);
    return luma;
  }
}
