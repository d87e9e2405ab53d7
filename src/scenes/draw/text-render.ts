import type { PixelBox } from '../../core/box.ts';
import { labelFont } from '../../media/draw/font.ts';
import { textInk } from '../../report/text-ink.ts';
import type { Mark, TruthClass } from '../truth.ts';
import { cutInk, type LetterCut } from './letter-cut.ts';
import { blankPicture, paste, type Picture } from './picture.ts';

export type Rgb = readonly [number, number, number];

/** Where a line of text goes. Pixels of the picture. */
export interface TextPlace {
  /** The left edge, or with `align: 'centre'` the middle. */
  readonly x: number;
  /** The top of a capital letter. */
  readonly y: number;
  /** Height of a capital letter. */
  readonly height: number;
  readonly align?: 'centre';
  /** Stretches or squeezes the line to this width. */
  readonly width?: number;
  /** How the letters differ from those of the font. */
  readonly cut?: LetterCut;
}

/** The box of a line's ink, and the height of a line of its font from the tallest letter to the lowest. */
export interface InkBox extends PixelBox {
  readonly lineHeight: number;
}

/**
 * Rows of a cell of the shipped font above a capital letter, the rows of the letter itself, and those from its top to the
 * foot of the lowest letters.
 */
const ABOVE = 3;
const CAPITAL = 29;
const LINE = 40;

/**
 * Draws one line of ASCII text in the product's own font, because a machine may have no other, and returns the box of
 * its ink.
 */
export async function drawText(target: Picture, text: string, place: TextPlace, color: Rgb): Promise<InkBox> {
  const scale = place.height / CAPITAL;
  const font = labelFont();
  const ink = cutInk(
    await textInk(font, text, font.height * scale, place.width),
    place.cut ?? 'plain',
    place.height,
  );
  const line = blankPicture(ink.width, ink.height);
  for (let i = 0; i < ink.data.length; i++) {
    line.data.set(color, i * 4);
    line.data[i * 4 + 3] = ink.data[i]!;
  }
  const left = Math.round(place.align === 'centre' ? place.x - ink.width / 2 : place.x);
  const top = Math.round(place.y - ABOVE * scale);
  paste(target, line, left, top);
  const box = inkBox(line);
  return { ...box, x: left + box.x, y: top + box.y, lineHeight: LINE * scale };
}

/** What is known of a line of text that was drawn. */
export function textMark(name: TruthClass, text: string, { lineHeight, ...box }: InkBox): Mark {
  return { class: name, box, text, lineHeight };
}

function inkBox({ width, height, data }: Picture): PixelBox {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[(y * width + x) * 4 + 3] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  }
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}
