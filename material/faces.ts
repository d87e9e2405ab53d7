import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { PixelBox } from '../src/core/box.ts';
import table from './faces.json' with { type: 'json' };
import { decodePicture, type Picture } from './picture.ts';

/** A face in a photograph, measured by hand: hairline to chin, cheek to cheek. Pixels of the photograph. */
export interface KnownFace {
  readonly id: string;
  readonly box: PixelBox;
  /** Outline of head and neck, for the faces that can be cut out. */
  readonly head?: readonly (readonly number[])[];
}

export interface Photo {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly faces: readonly KnownFace[];
}

/**
 * Six photographs with 22 faces, shipped by the npm package `@vladmandic/face-api` 1.7.15 (MIT; its README says that
 * they were taken by its author). They are read from the installed package, never copied into this project.
 */
export const photos: readonly Photo[] = table.photos;

/** Photographs and faces that may be cut out, in a fixed order. */
export const heads: readonly { readonly photo: Photo; readonly face: KnownFace }[] = photos.flatMap((photo) =>
  photo.faces.filter((face) => face.head !== undefined).map((face) => ({ photo, face })),
);

export function photoPath(photo: Photo): string {
  const entry = createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json');
  return join(dirname(entry), 'demo', photo.file);
}

/** A head cut out of its photograph, scaled so that the face is `faceHeight` pixels high. */
export interface CutOut {
  readonly picture: Picture;
  /** Pixels of the picture. */
  readonly face: PixelBox;
  /** Middle of the lower end of the neck. */
  readonly neck: { readonly x: number; readonly y: number };
}

export async function cutOutHead(photo: Photo, face: KnownFace, faceHeight: number): Promise<CutOut> {
  const outline = face.head ?? [];
  const margin = 12;
  const xs = outline.map((point) => point[0]!);
  const ys = outline.map((point) => point[1]!);
  const left = Math.max(0, Math.min(...xs) - margin);
  const top = Math.max(0, Math.min(...ys) - margin);
  const width = Math.min(photo.width, Math.max(...xs) + margin) - left;
  const height = Math.min(photo.height, Math.max(...ys) + margin) - top;
  const scale = faceHeight / face.box.height;
  const points = outline.map(([x, y]) => `${x! - left},${y! - top}`).join(' ');
  const mask = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><filter id="b">
    <feGaussianBlur stdDeviation="5"/></filter></defs><polygon points="${points}" fill="#fff" filter="url(#b)"/></svg>`;
  const cut = await sharp(photoPath(photo))
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
  const base = outline.filter((point) => lowest - point[1]! < 40).map((point) => point[0]!);
  return {
    picture: await decodePicture(resized),
    face: {
      x: (face.box.x - left) * scale,
      y: (face.box.y - top) * scale,
      width: face.box.width * scale,
      height: faceHeight,
    },
    neck: { x: ((Math.min(...base) + Math.max(...base)) / 2 - left) * scale, y: (lowest - top) * scale },
  };
}
