import sharp, { type OverlayOptions } from 'sharp';
import type { Size } from '../core/box.ts';
import { type GlyphFont, textInk } from './text-ink.ts';

/** A frame as packed 8-bit RGB rows. */
export interface SheetPicture extends Size {
  readonly data: Uint8Array;
}

/** One moment before and after. */
export interface ContactSheetRow {
  /** Which moment it is: a time, or the name of a picture. */
  readonly caption: string;
  readonly source: SheetPicture;
  readonly redacted: SheetPicture;
  /** How many regions of each class are covered at this moment. */
  readonly covered: Readonly<Record<string, number>>;
}

export interface ContactSheet {
  readonly title: string;
  /** Lines under the title: which file, which profile, what the sheet is for. */
  readonly notes: readonly string[];
  /** A word that must not be missed, such as EVALUATION. */
  readonly stamp?: string;
  readonly rows: readonly ContactSheetRow[];
  readonly format: 'png' | 'jpeg';
}

const WIDTH = 1600;
const MARGIN = 48;
const GAP = 24;
const COLUMN = (WIDTH - 2 * MARGIN - GAP) / 2;
/** Heights of a line's cell in pixels. */
const TITLE = 46;
const NOTE = 24;
const CAPTION = 24;
const PAPER = { r: 246, g: 247, b: 249 };
const INK = [22, 32, 46] as const;
const FAINT = [92, 104, 120] as const;
const ALERT = [156, 42, 16] as const;

/**
 * A sheet that shows moments of a work in pairs, source at the left and redacted at the right, 1600 pixels wide.
 * Pictures of any size are fitted to their column and are at most as high as it is wide. @returns the bytes of a picture file.
 */
export async function contactSheet(sheet: ContactSheet, font: GlyphFont): Promise<Buffer> {
  const parts = new Parts(font);
  let y = MARGIN;
  await parts.text(sheet.title, MARGIN, y, TITLE, INK);
  if (sheet.stamp !== undefined) await parts.text(sheet.stamp, WIDTH - MARGIN, y, TITLE, ALERT, 'right');
  y += TITLE + 14;
  for (const note of sheet.notes) {
    await parts.text(note, MARGIN, y, NOTE, FAINT);
    y += NOTE + 4;
  }
  y += 18;
  const right = MARGIN + COLUMN + GAP;
  await parts.text('SOURCE', MARGIN, y, CAPTION, INK);
  await parts.text('REDACTED', right, y, CAPTION, INK);
  y += CAPTION + 10;
  for (const row of sheet.rows) {
    const height = Math.max(
      await parts.picture(row.source, MARGIN, y),
      await parts.picture(row.redacted, right, y),
    );
    y += height + 8;
    await parts.text(row.caption, MARGIN, y, CAPTION, FAINT);
    await parts.text(coveredWords(row.covered), right, y, CAPTION, FAINT);
    y += CAPTION + 26;
  }
  const canvas = sharp({ create: { width: WIDTH, height: y + MARGIN / 2, channels: 3, background: PAPER } });
  const drawn = canvas.composite(parts.overlays).removeAlpha();
  return sheet.format === 'png' ? drawn.png().toBuffer() : drawn.jpeg({ quality: 88 }).toBuffer();
}

/** `3 face, 1 plate`, the largest number first. */
function coveredWords(covered: Readonly<Record<string, number>>): string {
  const counts = Object.entries(covered).filter(([, count]) => count > 0);
  if (counts.length === 0) return 'nothing covered';
  counts.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return `covered: ${counts.map(([name, count]) => `${count} ${name}`).join(', ')}`;
}

/** Collects what lies on the sheet. */
class Parts {
  readonly overlays: OverlayOptions[] = [];
  readonly #font: GlyphFont;

  constructor(font: GlyphFont) {
    this.#font = font;
  }

  /** Text that would be wider than its room is squeezed into it. */
  async text(
    text: string,
    x: number,
    y: number,
    height: number,
    color: readonly [number, number, number],
    align: 'left' | 'right' = 'left',
  ): Promise<void> {
    if (text === '') return;
    const natural = (text.length * this.#font.width * height) / this.#font.height;
    const room = align === 'left' ? WIDTH - MARGIN - x : x - MARGIN;
    const ink = await textInk(this.#font, text, height, Math.min(natural, room));
    const data = Buffer.alloc(ink.width * ink.height * 4);
    for (let i = 0; i < ink.data.length; i++) {
      data.set(color, i * 4);
      data[i * 4 + 3] = ink.data[i]!;
    }
    const left = Math.round(align === 'left' ? x : x - ink.width);
    this.overlays.push({
      input: data,
      raw: { width: ink.width, height: ink.height, channels: 4 },
      left,
      top: y,
    });
  }

  /** @returns the height it takes in its column. */
  async picture(picture: SheetPicture, x: number, y: number): Promise<number> {
    const raw = { width: picture.width, height: picture.height, channels: 3 as const };
    const { data, info } = await sharp(picture.data, { raw })
      .resize({ width: COLUMN, height: COLUMN, fit: 'inside' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const shape = { width: info.width, height: info.height, channels: 3 as const };
    this.overlays.push({ input: data, raw: shape, left: x, top: y });
    return info.height;
  }
}
