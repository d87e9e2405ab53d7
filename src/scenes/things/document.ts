import type { Random } from '../../core/random.ts';
import { travelDocumentMrz } from './check-digits.ts';
import { drawSvg } from '../draw/picture.ts';
import { fillPattern } from './plate.ts';
import { type Sprite, toSprite } from '../draw/sprite.ts';
import { drawText, type Rgb, textMark } from '../draw/text-render.ts';
import type { Mark } from '../truth.ts';

/** A TD3 data page measures 125 x 88 mm (ICAO 9303-4). */
const WIDTH = 1000;
const HEIGHT = 704;
const INK: Rgb = [34, 36, 44];

/**
 * A passport's data page of Utopia (UTO), the country that ICAO 9303 uses for specimens, with a valid machine-readable
 * zone. The holder is a role and the portrait a drawn outline.
 */
export async function drawPassport(random: Random): Promise<Sprite> {
  const number = fillPattern('A99999999', random);
  const lines = travelDocumentMrz({
    surname: 'SPECIMEN',
    given: 'TRAVELLER',
    number,
    born: `${60 + random.integer(40)}0${1 + random.integer(9)}1${random.integer(10)}`,
    expires: `3${random.integer(5)}0${1 + random.integer(9)}2${random.integer(9)}`,
  });
  const picture = await drawSvg(WIDTH, HEIGHT, page());
  const marks: Mark[] = [{ class: 'document', box: { x: 0, y: 0, width: WIDTH, height: HEIGHT } }];
  const fields = ['UTOPIA PASSPORT', `P  UTO  ${number}`, 'SPECIMEN', 'TRAVELLER', 'UTOPIAN', 'AUTHORITY'];
  for (const [index, text] of fields.entries()) {
    const height = index === 0 ? 26 : 20;
    const box = await drawText(picture, text, { x: 350, y: 56 + index * 68, height }, INK);
    marks.push(textMark('text', text, box));
  }
  for (const [index, text] of lines.entries()) {
    const box = await drawText(picture, text, { x: 40, y: 560 + index * 64, height: 24, width: 920 }, INK);
    marks.push(textMark('mrz', text, box));
  }
  return toSprite(picture, marks);
}

function page(): string {
  let waves = '';
  for (let y = 20; y < HEIGHT; y += 16) {
    waves += `<path d="M 0 ${y} Q 125 ${y - 22} 250 ${y} T 500 ${y} T 750 ${y} T 1000 ${y}" stroke="#7fa3b8" stroke-opacity=".28" stroke-width="2" fill="none"/>`;
  }
  return `<clipPath id="c"><rect width="${WIDTH}" height="${HEIGHT}" rx="26"/></clipPath><g clip-path="url(#c)">
    <rect width="${WIDTH}" height="${HEIGHT}" fill="#dfe6e3"/>${waves}
    <rect y="520" width="${WIDTH}" height="184" fill="#f3f3ee"/>
    <rect x="40" y="60" width="260" height="340" fill="#b9c6cc"/>
    <circle cx="170" cy="200" r="66" fill="#8b9aa1"/><path d="M 66 400 Q 66 286 170 286 Q 274 286 274 400 Z" fill="#8b9aa1"/>
    <rect width="${WIDTH}" height="${HEIGHT}" rx="26" fill="none" stroke="#8a8f94" stroke-width="4"/></g>`;
}
