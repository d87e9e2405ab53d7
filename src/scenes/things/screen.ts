import type { Random } from '../../core/random.ts';
import { drawSvg } from '../draw/picture.ts';
import { fillPattern } from './plate.ts';
import { type Sprite, toSprite } from '../draw/sprite.ts';
import { drawText, type Rgb, textMark } from '../draw/text-render.ts';
import type { Mark, TruthClass } from '../truth.ts';

const WIDTH = 900;
const HEIGHT = 680;
const RIM = 26;
const DISPLAY = { x: RIM, y: RIM, width: WIDTH - 2 * RIM, height: 530 };
const PALE: Rgb = [226, 234, 240];
const DARK: Rgb = [24, 32, 44];

/** A monitor that shows a record: roles instead of names, and numbers that are reserved for examples. */
export async function drawScreen(random: Random): Promise<Sprite> {
  const picture = await drawSvg(WIDTH, HEIGHT, monitor());
  const marks: Mark[] = [{ class: 'screen', box: { x: 0, y: 0, width: WIDTH, height: HEIGHT } }];
  const add = async (
    kind: TruthClass,
    text: string,
    y: number,
    height: number,
    color: Rgb,
  ): Promise<void> => {
    const box = await drawText(picture, text, { x: DISPLAY.x + 36, y, height }, color);
    marks.push(textMark(kind, text, box));
  };
  await add('text', 'ENTRY RECORD - LANE 4', DISPLAY.y + 20, 26, PALE);
  for (const [index, line] of screenLines(random).entries()) {
    await add(line.kind, line.text, DISPLAY.y + 100 + index * 60, 22, DARK);
  }
  return toSprite(picture, marks);
}

function screenLines(random: Random): { kind: TruthClass; text: string }[] {
  const lines: { kind: TruthClass; text: string }[] = [
    { kind: 'text', text: 'OFFICER ON DUTY' },
    { kind: 'email', text: `duty${fillPattern('99', random)}@example.org` },
    {
      kind: 'phone',
      text: fillPattern('202-555-0199', random).replace(/555-..../, `555-01${fillPattern('99', random)}`),
    },
    { kind: 'card', text: '4111 1111 1111 1111' },
    { kind: 'text', text: `REFERENCE ${fillPattern('AA-99999', random)}` },
    { kind: 'text', text: 'SECONDARY: NO' },
    { kind: 'text', text: `BAY ${fillPattern('9', random)}  QUEUE ${fillPattern('99', random)}` },
  ];
  return lines;
}

function monitor(): string {
  const { x, y, width, height } = DISPLAY;
  return `<rect x="${WIDTH / 2 - 60}" y="580" width="120" height="74" fill="#2c2f33"/>
    <rect x="${WIDTH / 2 - 190}" y="644" width="380" height="34" rx="12" fill="#24272b"/>
    <rect width="${WIDTH}" height="${height + 2 * RIM}" rx="16" fill="#17191c"/>
    <rect x="${x}" y="${y}" width="${width}" height="${height}" fill="#e9eef2"/>
    <rect x="${x}" y="${y}" width="${width}" height="68" fill="#1d4f7a"/>
    <rect x="${x + width - 210}" y="${y + 96}" width="170" height="210" fill="#c3ced6"/>
    <circle cx="${x + width - 125}" cy="${y + 176}" r="40" fill="#93a3ae"/>
    <path d="M ${x + width - 195} ${y + 306} q 0 -76 70 -76 q 70 0 70 76 Z" fill="#93a3ae"/>
    <path d="M 4 16 Q 4 4 16 4 H ${WIDTH - 16} Q ${WIDTH - 4} 4 ${WIDTH - 4} 16" stroke="#4a4f55" stroke-width="3" fill="none"/>`;
}
