/**
 * Draws the font of mask labels: `node scripts/make-label-font.ts` writes assets/label-font.bin from Debian's
 * fonts-dejavu-core. The result is committed, so that labels look the same on machines without any font; run it again
 * only to add characters. src/media/draw/font.ts describes the file.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import sharp from 'sharp';

const fontFile = '/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf';
const target = fileURLToPath(new URL('../assets/label-font.bin', import.meta.url));

const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
const characters = [...ascii, ...'§°¶©±·–—•…×€£'];

/** Em of 40 pixels: the advance is 0.602 em, and ink of these characters lies between 0.80 above and 0.24 below. */
const em = 40;
const width = Math.round(em * 0.602);
const height = 42;
const baseline = 32;

async function drawGlyph(character: string): Promise<Buffer> {
  const escaped = `&#${character.codePointAt(0)};`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="black"/>
    <text x="0" y="${baseline}" xml:space="preserve" fill="white"
      font-family="DejaVu Sans Mono" font-weight="bold" font-size="${em}">${escaped}</text></svg>`;
  return sharp(Buffer.from(svg)).toColourspace('b-w').raw().toBuffer();
}

if (!existsSync(fontFile)) throw new Error(`Install fonts-dejavu-core: ${fontFile} is missing.`);
const header = Buffer.alloc(4 + 2 * characters.length);
header.writeUInt8(width, 0);
header.writeUInt8(height, 1);
header.writeUInt16LE(characters.length, 2);
for (const [i, character] of characters.entries())
  header.writeUInt16LE(character.codePointAt(0) ?? 0, 4 + 2 * i);
const cells = Buffer.concat(await Promise.all(characters.map(drawGlyph)));
if (cells.length !== width * height * characters.length)
  throw new Error('A glyph was not drawn as one grey channel.');
const file = Buffer.concat([header, deflateRawSync(cells, { level: 9 })]);
writeFileSync(target, file);
console.log(`${target}: ${characters.length} glyphs of ${width} x ${height}, ${file.length} bytes`);
