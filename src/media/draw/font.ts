import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

/**
 * Glyphs of one width, drawn from DejaVu Sans Mono Bold (assets/label-font.LICENSE.txt) by scripts/make-label-font.ts.
 * The file holds, little endian: width and height of a cell (one byte each), the number of glyphs (2 bytes), their code
 * points (2 bytes each), and deflated coverage 0..255, glyph by glyph and row by row.
 */
export interface LabelFont {
  readonly width: number;
  readonly height: number;
  /** Coverage of a character's cell; characters the font lacks show as `?`. */
  glyph(character: string): Uint8Array;
}

let loaded: LabelFont | undefined;

/** The shipped font, read on first use. It lies at the package's root, beside `src` and `dist`. */
export function labelFont(): LabelFont {
  loaded ??= parseFont(readFileSync(new URL('../../../assets/label-font.bin', import.meta.url)));
  return loaded;
}

function parseFont(file: Buffer): LabelFont {
  const [width, height, count] = [file.readUInt8(0), file.readUInt8(1), file.readUInt16LE(2)];
  const cells = inflateRawSync(file.subarray(4 + 2 * count));
  const glyphs = new Map<number, Uint8Array>();
  const size = width * height;
  for (let i = 0; i < count; i++) {
    glyphs.set(file.readUInt16LE(4 + 2 * i), cells.subarray(i * size, (i + 1) * size));
  }
  const missing = glyphs.get(0x3f) ?? new Uint8Array(size);
  return { width, height, glyph: (character) => glyphs.get(character.codePointAt(0) ?? 0) ?? missing };
}
