import type { Random } from '../../core/random.ts';
import { drawSvg, type Picture } from '../draw/picture.ts';
import { drawText, type Rgb } from '../draw/text-render.ts';

const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';

interface PlateLayout {
  /** `A` stands for a letter, `9` for a digit; everything else for itself. */
  readonly pattern: string;
  /** Width over height: 2 for 12 x 6 inches (SAE J686), 4.7 for 520 x 110 mm. */
  readonly aspect: number;
  readonly ground: string;
  readonly ink: Rgb;
  /** A coloured field: at the left edge, along the top, or none. */
  readonly field?: { readonly side: 'left' | 'top'; readonly color: string };
}

const BLUE_EDGE = { side: 'left', color: '#123c9c' } as const;

const LAYOUTS: readonly PlateLayout[] = [
  {
    pattern: '9AAA999',
    aspect: 2,
    ground: '#f4f4f0',
    ink: [24, 40, 96],
    field: { side: 'top', color: '#b03040' },
  },
  {
    pattern: 'AAA 9999',
    aspect: 2,
    ground: '#f6f2e0',
    ink: [30, 30, 30],
    field: { side: 'top', color: '#3a66a8' },
  },
  { pattern: 'AAA-9999', aspect: 2, ground: '#e8eef6', ink: [20, 30, 60] },
  {
    pattern: 'AA-999-AA',
    aspect: 4.7,
    ground: '#f8f8f8',
    ink: [16, 16, 16],
    field: BLUE_EDGE,
  },
  {
    pattern: 'A AA 9999',
    aspect: 4.7,
    ground: '#f8f8f8',
    ink: [16, 16, 16],
    field: BLUE_EDGE,
  },
  { pattern: 'AA99 AAA', aspect: 4.7, ground: '#f2cc24', ink: [16, 16, 16] },
];

export interface Plate {
  readonly text: string;
  readonly aspect: number;
  readonly picture: Picture;
}

/** A plate with a random text in a random layout, `width` pixels wide. */
export async function drawPlate(random: Random, width: number): Promise<Plate> {
  const layout = random.pick(LAYOUTS);
  const text = fillPattern(layout.pattern, random);
  const height = Math.round(width / layout.aspect);
  const picture = await drawSvg(width, height, plateGround(layout, width, height));
  const left = layout.field?.side === 'left' ? width * 0.1 : 0;
  const room = (width - left) * 0.86;
  const capital = Math.min(height * (layout.field?.side === 'top' ? 0.56 : 0.66), (room / text.length) * 2);
  const middle = height * (layout.field?.side === 'top' ? 0.57 : 0.5);
  const place = {
    x: left + (width - left) / 2,
    y: middle - capital / 2,
    height: capital,
    align: 'centre' as const,
  };
  await drawText(
    picture,
    text,
    { ...place, width: Math.min(room, text.length * capital * 0.83) },
    layout.ink,
  );
  return { text, aspect: layout.aspect, picture };
}

export function fillPattern(pattern: string, random: Random): string {
  return pattern.replaceAll(/[A9]/g, (sign) =>
    sign === 'A' ? LETTERS.charAt(random.integer(LETTERS.length)) : String(random.integer(10)),
  );
}

function plateGround(layout: PlateLayout, width: number, height: number): string {
  const rim = Math.max(1, height * 0.03);
  const { field } = layout;
  const band =
    field === undefined
      ? ''
      : field.side === 'left'
        ? `<rect width="${width * 0.09}" height="${height}" fill="${field.color}"/>`
        : `<rect width="${width}" height="${height * 0.17}" fill="${field.color}"/>`;
  return `<clipPath id="p"><rect width="${width}" height="${height}" rx="${height * 0.08}"/></clipPath>
    <g clip-path="url(#p)"><rect width="${width}" height="${height}" fill="${layout.ground}"/>${band}</g>
    <rect x="${rim / 2}" y="${rim / 2}" width="${width - rim}" height="${height - rim}" rx="${height * 0.08}"
      fill="none" stroke="#333" stroke-width="${rim}"/>`;
}
