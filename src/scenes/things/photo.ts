import { readFile } from 'node:fs/promises';
import type { Size } from '../../core/box.ts';
import type { Random } from '../../core/random.ts';
import { photoPath, type PhotoSet } from '../photo-set.ts';
import { eased, linear, type Motion, type Placement } from '../draw/motion.ts';
import { decodePicture } from '../draw/picture.ts';
import { type Sprite, toSprite } from '../draw/sprite.ts';

/** A whole photograph as one sprite; of what it shows only the faces are known. */
export async function drawPhoto(set: PhotoSet, which: number): Promise<Sprite> {
  const photo = set.photos[which % set.photos.length]!;
  const picture = await decodePicture(await readFile(photoPath(set, photo)));
  return toSprite(
    picture,
    photo.faces.map((face) => ({ class: 'face', box: face.box })),
  );
}

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
