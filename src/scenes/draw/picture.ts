import sharp from 'sharp';
import type { Size } from '../../core/box.ts';

/** Packed 8-bit RGBA rows, alpha not multiplied in. */
export interface Picture extends Size {
  readonly data: Uint8Array;
}

export function blankPicture(width: number, height: number): Picture {
  return { width, height, data: new Uint8Array(width * height * 4) };
}

/** Draws an SVG fragment (shapes only: no `<text>`, because a machine may have no fonts). */
export async function drawSvg(width: number, height: number, content: string): Promise<Picture> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`;
  return decodePicture(Buffer.from(svg));
}

/** Decodes any picture file that sharp reads. */
export async function decodePicture(bytes: Buffer): Promise<Picture> {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** Composites `source` onto `target` with its top-left corner at whole pixels; parts outside are dropped. */
export function paste(target: Picture, source: Picture, left: number, top: number): void {
  const x0 = Math.max(0, -left);
  const x1 = Math.min(source.width, target.width - left);
  for (let y = Math.max(0, -top); y < Math.min(source.height, target.height - top); y++) {
    let from = (y * source.width + x0) * 4;
    let to = ((y + top) * target.width + x0 + left) * 4;
    for (let x = x0; x < x1; x++, from += 4, to += 4) blendPixel(target.data, to, source.data, from);
  }
}

/** Porter and Duff's "over" for one pixel of straight alpha. */
function blendPixel(target: Uint8Array, to: number, source: Uint8Array, from: number): void {
  const alpha = source[from + 3]! / 255;
  if (alpha === 0) return;
  const below = (target[to + 3]! / 255) * (1 - alpha);
  const total = alpha + below;
  for (let c = 0; c < 3; c++) {
    target[to + c] = Math.round((source[from + c]! * alpha + target[to + c]! * below) / total);
  }
  target[to + 3] = Math.round(total * 255);
}
