import sharp from 'sharp';
import type { Size } from '../../core/box.ts';
import type { Random } from '../../core/random.ts';
import { photoPath, type PhotoSet } from '../photo-set.ts';
import { faceMark } from './face-mark.ts';
import { eased, linear, type Motion, type Placement } from '../draw/motion.ts';
import { decodePicture } from '../draw/picture.ts';
import { type Sprite, toSprite } from '../draw/sprite.ts';

/** A whole photograph as one sprite; of what it shows only the faces are known. */
export async function drawPhoto(set: PhotoSet, which: number): Promise<Sprite> {
  const photo = set.photos[which % set.photos.length]!;
  const picture = await decodePicture(
    await sharp(photoPath(set, photo)).autoOrient().png({ compressionLevel: 0 }).toBuffer(),
  );
  return toSprite(
    picture,
    photo.faces.map((face) => faceMark(face, face.box)),
  );
}

/** A pan and zoom from one face to another, of a camera that is held askew; the photograph fills the frame throughout. */
export function handheldPanning(sprite: Sprite, size: Size, random: Random): Motion {
  const faces = sprite.marks.filter((mark) => mark.class === 'face');
  const view = (): Placement => {
    const turn = random.between(-MOST_ASKEW, MOST_ASKEW);
    const [cos, sin] = [Math.cos(turn), Math.abs(Math.sin(turn))];
    // The frame as the turned photograph sees it.
    const [across, down] = [size.width * cos + size.height * sin, size.width * sin + size.height * cos];
    const scale = Math.max(across / sprite.width, down / sprite.height) * random.between(1, 1.8);
    const [spareX, spareY] = [sprite.width * scale - across, sprite.height * scale - down];
    const { box } = random.pick(faces);
    const shift = (length: number, middle: number, reach: number, spare: number): number =>
      Math.min(
        Math.max((length / 2 - middle) * scale + random.between(-0.35, 0.35) * reach, -spare / 2),
        spare / 2,
      );
    const right = shift(sprite.width, box.x + box.width / 2, across, spareX);
    const below = shift(sprite.height, box.y + box.height / 2, down, spareY);
    const lean = Math.sin(turn);
    return {
      x: size.width / 2 + right * cos - below * lean,
      y: size.height / 2 + right * lean + below * cos,
      scale,
      turn,
    };
  };
  return eased(linear(view(), view()));
}

/** Radians. */
const MOST_ASKEW = 0.3;

/** A slow pan and zoom over the upper part of a photograph, which fills the frame throughout. */
export function panning(sprite: Sprite, size: Size, random: Random): Motion {
  const cover = Math.max(size.width / sprite.width, size.height / sprite.height);
  const view = (): Placement => {
    const scale = cover * random.between(1.05, 1.5);
    const spareX = sprite.width * scale - size.width;
    const spareY = sprite.height * scale - size.height;
    return {
      x: size.width / 2 + spareX * random.between(-0.5, 0.5),
      y: size.height / 2 + spareY * random.between(0.25, 0.5),
      scale,
    };
  };
  return eased(linear(view(), view()));
}
