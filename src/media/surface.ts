import type { Size } from '../core/box.ts';

/** How the stored picture must be turned clockwise, and then mirrored left to right, to be seen as meant. */
export interface Orientation {
  readonly rotation: 0 | 90 | 180 | 270;
  readonly mirrored: boolean;
}

export const upright: Orientation = { rotation: 0, mirrored: false };

/** One component of a planar picture. Samples are 1 byte (depth 8) or 2 bytes little endian (depth 9 to 16). */
export interface Plane {
  /** A view on the decoder's own memory: valid only while the surface is. */
  readonly data: Uint8Array;
  /** Bytes from one row to the next. */
  readonly stride: number;
  /** Samples. */
  readonly width: number;
  readonly height: number;
  /** log2 of the subsampling against the luma plane: 1 means every second sample. */
  readonly shiftX: number;
  readonly shiftY: number;
}

/** Planar YUV, as video codecs use it. */
export interface YuvSurface extends Size {
  readonly kind: 'yuv';
  readonly planes: readonly [Plane, Plane, Plane];
  /** Bits per sample. */
  readonly depth: number;
  /** True for full-range (JPEG) levels, false for 16..235. */
  readonly fullRange: boolean;
  readonly orientation: Orientation;
}

/** Packed 8-bit RGB or RGBA, as still pictures use it; always upright. */
export interface RgbSurface extends Size {
  readonly kind: 'rgb';
  readonly data: Uint8Array;
  readonly channels: 3 | 4;
  readonly orientation: Orientation;
}

/**
 * A picture whose pixels may be changed in place. `width` and `height` are as stored (coded orientation); regions are
 * given as displayed and mapped through `orientation`. Never keep a plane past the callback that lent the surface:
 * the memory belongs to the decoder.
 */
export type Surface = YuvSurface | RgbSurface;
