import sharp from 'sharp';
import type { PixelBox } from '../../core/box.ts';
import { decodePicture, type Picture } from '../draw/picture.ts';
import { type KnownHead, photoPath, type PhotoSet } from '../photo-set.ts';

/** A head cut out of its photograph, scaled so that the face is `faceHeight` pixels high. */
export interface CutOut {
  readonly picture: Picture;
  /** The box of the face as it is turned, taken as an oval. Pixels of the picture. */
  readonly face: PixelBox;
  /** Middle of the lower end of the neck. */
  readonly neck: { readonly x: number; readonly y: number };
}

/** @param turn radians by which the head leans to its left, clockwise. */
export async function cutOutHead(
  photos: PhotoSet,
  { photo, face }: KnownHead,
  faceHeight: number,
  turn = 0,
): Promise<CutOut> {
  const outline = face.head ?? [];
  const margin = 12;
  const xs = outline.map((point) => point[0]);
  const ys = outline.map((point) => point[1]);
  const left = Math.max(0, Math.min(...xs) - margin);
  const top = Math.max(0, Math.min(...ys) - margin);
  const width = Math.min(photo.width, Math.max(...xs) + margin) - left;
  const height = Math.min(photo.height, Math.max(...ys) + margin) - top;
  const scale = faceHeight / face.box.height;
  const points = outline.map(([x, y]) => `${x - left},${y - top}`).join(' ');
  const mask = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><filter id="b">
    <feGaussianBlur stdDeviation="5"/></filter></defs><polygon points="${points}" fill="#fff" filter="url(#b)"/></svg>`;
  const cut = await sharp(photoPath(photos, photo))
    .autoOrient()
    .extract({ left, top, width, height })
    .ensureAlpha()
    .composite([{ input: Buffer.from(mask), blend: 'dest-in' }])
    .png()
    .toBuffer();
  const resized = await sharp(cut)
    .resize(Math.round(width * scale), Math.round(height * scale), { fit: 'fill' })
    .png()
    .toBuffer();
  const lowest = Math.max(...ys);
  const base = outline.filter((point) => lowest - point[1] < 40).map((point) => point[0]);
  const upright: CutOut = {
    picture: await decodePicture(resized),
    face: {
      x: (face.box.x - left) * scale,
      y: (face.box.y - top) * scale,
      width: face.box.width * scale,
      height: faceHeight,
    },
    neck: { x: ((Math.min(...base) + Math.max(...base)) / 2 - left) * scale, y: (lowest - top) * scale },
  };
  return turn === 0 ? upright : turned(upright, resized, turn);
}

/** The head leaning; its picture grows so that all of it fits. */
async function turned({ picture: before, face, neck }: CutOut, png: Buffer, turn: number): Promise<CutOut> {
  const background = { r: 0, g: 0, b: 0, alpha: 0 };
  const rotated = await sharp(png)
    .rotate((turn * 180) / Math.PI, { background })
    .png()
    .toBuffer();
  const picture = await decodePicture(rotated);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const moved = (x: number, y: number): { x: number; y: number } => {
    const [dx, dy] = [x - before.width / 2, y - before.height / 2];
    return { x: picture.width / 2 + dx * cos - dy * sin, y: picture.height / 2 + dx * sin + dy * cos };
  };
  const middle = moved(face.x + face.width / 2, face.y + face.height / 2);
  const width = Math.hypot(face.width * cos, face.height * sin);
  const height = Math.hypot(face.width * sin, face.height * cos);
  return {
    picture,
    face: { x: middle.x - width / 2, y: middle.y - height / 2, width, height },
    neck: moved(neck.x, neck.y),
  };
}
