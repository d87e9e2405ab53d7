import type { Rgb } from './region.ts';
import type { Surface } from '../surface.ts';
import type { Component } from './samples.ts';

/** Which standard a picture's YUV follows: ITU-R BT.601-7 or BT.709-6. */
export type Matrix = 'bt601' | 'bt709';

/** Red and blue shares of luma: BT.601-7 section 2.5.1, BT.709-6 section 3.2. */
const lumaShares: Record<Matrix, { readonly red: number; readonly blue: number }> = {
  bt601: { red: 0.299, blue: 0.114 },
  bt709: { red: 0.2126, blue: 0.0722 },
};

/** What players assume of a stream that does not say: BT.709 from 720 lines on, BT.601 below. */
export function assumedMatrix(surface: Surface): Matrix {
  return Math.min(surface.width, surface.height) >= 720 ? 'bt709' : 'bt601';
}

/** The sample values of a colour on a surface, by component. Alpha is opaque. */
export type Paint = Readonly<Record<Component, number>>;

/**
 * Converts 8-bit sRGB to the surface's samples, rounded to the nearest level (ITU-T H.273 equations 20 to 31 for full
 * and limited range at any depth).
 */
export function paintFor(color: Rgb, surface: Surface, matrix: Matrix): Paint {
  const { r, g, b } = color;
  const depth = surface.kind === 'yuv' ? surface.depth : 8;
  const fullRange = surface.kind === 'yuv' ? surface.fullRange : true;
  const { red, blue } = lumaShares[matrix];
  const luma = (red * r + (1 - red - blue) * g + blue * b) / 255;
  const cb = (b / 255 - luma) / (2 * (1 - blue));
  const cr = (r / 255 - luma) / (2 * (1 - red));
  const unit = 2 ** (depth - 8);
  const top = 2 ** depth - 1;
  const level = (value: number): number => Math.max(0, Math.min(top, Math.round(value)));
  const chroma = (value: number): number => level(128 * unit + value * (fullRange ? top : 224 * unit));
  return {
    y: level(fullRange ? luma * top : (16 + 219 * luma) * unit),
    u: chroma(cb),
    v: chroma(cr),
    r,
    g,
    b,
    alpha: 255,
  };
}
