import sharp from 'sharp';
import { openVideo } from '../../src/media/video/index.ts';
import type { SheetPicture } from '../../src/report/contact-sheet.ts';

/** Wide enough for a column of the contact sheet. */
const WIDTH = 960;

/** Frames of a video by their number, as pictures for a sheet. */
export async function readFrames(
  path: string,
  numbers: readonly number[],
): Promise<Map<number, SheetPicture>> {
  const video = await openVideo(path);
  const wanted = new Set(numbers);
  const pictures = new Map<number, SheetPicture>();
  for await (const frame of video.frames()) {
    if (!wanted.has(frame.index)) continue;
    const height = Math.round((WIDTH * frame.height) / frame.width);
    const data = new Uint8Array(WIDTH * height * 3);
    const whole = { x: 0, y: 0, width: frame.width, height: frame.height };
    frame.readRgb(whole, WIDTH, height, data);
    pictures.set(frame.index, { width: WIDTH, height, data });
  }
  return pictures;
}

export async function readPicture(path: string): Promise<SheetPicture> {
  const { data, info } = await sharp(path)
    .resize({ width: WIDTH })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}
