import sharp from 'sharp';
import type { Size } from '../core/box.ts';

/** A font of equally wide glyphs, given by the caller because a machine may have no other. */
export interface GlyphFont {
  /** Pixels of a cell. */
  readonly width: number;
  readonly height: number;
  /** Coverage 0..255 of a character's cell, packed rows. */
  glyph(character: string): Uint8Array;
}

/** Coverage 0..255 of a line of text, packed rows. */
export interface TextInk extends Size {
  readonly data: Uint8Array;
}

/** Draws a line of text, scaled to `height` pixels per cell and, when given, to `width` pixels in all. */
export async function textInk(
  font: GlyphFont,
  text: string,
  height: number,
  width = (text.length * font.width * height) / font.height,
): Promise<TextInk> {
  const size = { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
  if (text === '') return { ...size, data: new Uint8Array(size.width * size.height) };
  const cells = { width: text.length * font.width, height: font.height, channels: 1 as const };
  const data = await sharp(lineOfCells(font, text), { raw: cells })
    .resize(size.width, size.height, { fit: 'fill' })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  return { ...size, data };
}

function lineOfCells(font: GlyphFont, text: string): Uint8Array {
  const stride = text.length * font.width;
  const cells = new Uint8Array(stride * font.height);
  for (const [index, character] of text.split('').entries()) {
    const glyph = font.glyph(character);
    for (let y = 0; y < font.height; y++) {
      cells.set(glyph.subarray(y * font.width, (y + 1) * font.width), y * stride + index * font.width);
    }
  }
  return cells;
}
