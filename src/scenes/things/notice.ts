import type { Random } from '../../core/random.ts';
import { letterCuts } from '../draw/letter-cut.ts';
import { drawSvg } from '../draw/picture.ts';
import { type Sprite, toSprite } from '../draw/sprite.ts';
import { drawText, type Rgb, textMark } from '../draw/text-render.ts';
import type { Mark, TruthClass } from '../truth.ts';
import { containerCheckDigit } from './check-digits.ts';
import { OWNERS } from './container.ts';
import { fillPattern } from './plate.ts';

interface Surface {
  readonly ground: string;
  readonly ink: Rgb;
}

const SURFACES: readonly Surface[] = [
  { ground: '#f7f6f0', ink: [28, 28, 30] },
  { ground: '#f2e7b6', ink: [40, 34, 20] },
  { ground: '#1c4f8c', ink: [244, 246, 248] },
  { ground: '#1d5b3a', ink: [238, 242, 232] },
  { ground: '#e2b81e', ink: [20, 20, 18] },
  { ground: '#b08a5c', ink: [46, 32, 20] },
  { ground: '#15191c', ink: [255, 176, 40] },
  { ground: '#101418', ink: [120, 240, 150] },
  { ground: '#c9ced2', ink: [70, 76, 84] },
  { ground: '#8c2f2a', ink: [250, 236, 214] },
];

const WORDS =
  'GATE LANE BAY QUEUE OFFICE FORM DECLARE GOODS RECEIPT HOLD RELEASE SEAL ENTRY EXIT DESK INSPECTION'.split(
    ' ',
  );
/** Heights of a line of the font in pixels of the board, the logarithm evenly spread. */
const LINES = [9, 40] as const;

/** Text of many sizes, cuts and colours on one surface: notices, contact lines, cards, numbers of containers. */
export async function drawNotice(random: Random): Promise<Sprite> {
  const { ground, ink } = random.pick(SURFACES);
  const [width, height] = [300 + random.integer(260), 200 + random.integer(220)];
  const rim = `<rect width="${width}" height="${height}" rx="6" fill="${ground}" stroke="#333" stroke-opacity=".5" stroke-width="3"/>`;
  const picture = await drawSvg(width, height, rim);
  const marks: Mark[] = [];
  const left = 16 + random.integer(12);
  for (let y = 16; ;) {
    const line = LINES[0] * (LINES[1] / LINES[0]) ** random.next();
    // A capital takes 29 of the 40 rows of a line of the font.
    const capital = line * (29 / 40);
    if (y + line * 1.2 > height - 12) break;
    const { kind, text } = content(random);
    const stretch = random.between(0.85, 1.15);
    const natural = text.length * capital * (24 / 29) * stretch;
    const cut = random.pick(letterCuts);
    // Slanted letters lean out of their line.
    const room = width - 2 * left - line;
    if (natural <= room) {
      const box = await drawText(picture, text, { x: left, y, height: capital, width: natural, cut }, ink);
      marks.push(textMark(kind, text, box));
    }
    y += line * 1.35;
  }
  return toSprite(picture, marks);
}

function content(random: Random): { readonly kind: TruthClass; readonly text: string } {
  switch (random.integer(8)) {
    case 0:
      return { kind: 'email', text: `desk${fillPattern('99', random)}@example.org` };
    case 1:
      return { kind: 'phone', text: `202-555-01${fillPattern('99', random)}` };
    case 2:
      return {
        kind: 'card',
        text: random.pick(['4111 1111 1111 1111', '5555 5555 5555 4444', '4012 8888 8888 1881']),
      };
    case 3: {
      const prefix = `${random.pick(OWNERS)}${fillPattern('999999', random)}`;
      const text = `${prefix.slice(0, 4)} ${prefix.slice(4)} ${containerCheckDigit(prefix)}`;
      return { kind: 'container-number', text };
    }
    case 4:
      return { kind: 'text', text: `${random.pick(WORDS)} ${fillPattern('A-9999', random)}` };
    default:
      return {
        kind: 'text',
        text: Array.from({ length: 1 + random.integer(3) }, () => random.pick(WORDS)).join(' '),
      };
  }
}
