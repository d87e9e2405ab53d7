import type { Random } from '../../core/random.ts';
import { containerCheckDigit } from './check-digits.ts';
import { drawSvg } from '../draw/picture.ts';
import { fillPattern } from './plate.ts';
import { type Sprite, toSprite } from '../draw/sprite.ts';
import { drawText, type Rgb, textMark } from '../draw/text-render.ts';

/** A 20-foot container: 6058 x 2591 mm (ISO 668, 1CC). */
const WIDTH = 1100;
const HEIGHT = 470;
const PAINTS = ['#8e3b2c', '#2f5d86', '#3f6b4c', '#b06a2a', '#5b6670', '#7b2d3b'];
const WHITE: Rgb = [240, 240, 236];
/** CSQU is the example of ISO 6346; the others are not registered owners. */
export const OWNERS = ['CSQU', 'TWXU', 'QZZU', 'UTOU'];

/** The side of a container that carries its number (ISO 6346), with a valid check digit. */
export async function drawContainer(random: Random): Promise<Sprite> {
  const prefix = `${random.pick(OWNERS)}${fillPattern('999999', random)}`;
  const digit = containerCheckDigit(prefix);
  const picture = await drawSvg(WIDTH, HEIGHT, containerSide(random.pick(PAINTS), WIDTH, HEIGHT));
  const text = `${prefix.slice(0, 4)} ${prefix.slice(4)} ${digit}`;
  const box = await drawText(picture, text, { x: WIDTH - 520, y: 52, height: 40 }, WHITE);
  const type = await drawText(picture, '22G1', { x: WIDTH - 520, y: 120, height: 32 }, WHITE);
  return toSprite(picture, [
    { class: 'container', box: { x: 0, y: 0, width: WIDTH, height: HEIGHT } },
    textMark('container-number', text, box),
    textMark('text', '22G1', type),
  ]);
}

/** Corrugated steel between two rails and two posts. */
export function containerSide(paint: string, width: number, height: number): string {
  const rib = width / 30;
  let ribs = '';
  for (let x = rib; x < width - rib; x += rib) {
    ribs += `<rect x="${x}" width="${rib * 0.3}" height="${height}" fill="#000" fill-opacity=".26"/>
      <rect x="${x + rib * 0.3}" width="${rib * 0.16}" height="${height}" fill="#fff" fill-opacity=".16"/>`;
  }
  const rail = height * 0.045;
  const frame = `<rect width="${width}" height="${rail}" fill="#000" fill-opacity=".32"/>
    <rect y="${height - rail * 1.4}" width="${width}" height="${rail * 1.4}" fill="#000" fill-opacity=".45"/>
    <rect width="${rib * 0.7}" height="${height}" fill="#000" fill-opacity=".3"/>
    <rect x="${width - rib * 0.7}" width="${rib * 0.7}" height="${height}" fill="#000" fill-opacity=".3"/>`;
  return `<rect width="${width}" height="${height}" fill="${paint}"/>${ribs}${frame}`;
}
