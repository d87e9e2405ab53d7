import type { Random } from '../../core/random.ts';
import { drawClothes } from './clothes.ts';
import { headsOf, type PhotoSet } from '../photo-set.ts';
import { cutOutHead } from './cut-out.ts';
import { blankPicture, paste } from '../draw/picture.ts';
import { fillPattern } from './plate.ts';
import { type Sprite, toSprite } from '../draw/sprite.ts';
import { drawText } from '../draw/text-render.ts';
import type { Mark } from '../truth.ts';

/** Height of the face in the sprite, hairline to chin; everything else is measured in faces. */
export const FACE = 160;
const WIDTH = 3.1 * FACE;
const HEIGHT = 8 * FACE;
/** Where the collar begins. */
const COLLAR = { x: WIDTH / 2, y: 1.72 * FACE };

/** A standing person: a head from a photograph on drawn clothes. Every second one wears a vest with a number. */
export async function drawPerson(random: Random, photos: PhotoSet, which: number): Promise<Sprite> {
  const heads = headsOf(photos);
  const head = await cutOutHead(photos, heads[which % heads.length]!, FACE);
  const officer = which % 2 === 0;
  const clothes = await drawClothes(random, {
    width: WIDTH,
    height: HEIGHT,
    unit: FACE,
    collar: COLLAR,
    officer,
  });
  const picture = blankPicture(WIDTH, HEIGHT);
  paste(picture, clothes.body, 0, 0);
  const left = Math.round(COLLAR.x - head.neck.x);
  const top = Math.round(COLLAR.y + 0.1 * FACE - head.neck.y);
  paste(picture, head.picture, left, top);
  paste(picture, clothes.collar, 0, 0);
  const marks: Mark[] = [
    { class: 'person', box: { x: 0, y: Math.max(0, top), width: WIDTH, height: HEIGHT - Math.max(0, top) } },
    { class: 'face', box: { ...head.face, x: head.face.x + left, y: head.face.y + top } },
  ];
  if (officer) {
    const text = `ID ${fillPattern('9999', random)}`;
    const place = {
      x: COLLAR.x + 0.4 * FACE,
      y: COLLAR.y + 0.98 * FACE,
      height: 0.15 * FACE,
      width: 0.7 * FACE,
      align: 'centre' as const,
    };
    marks.push({ class: 'badge', box: await drawText(picture, text, place, [20, 24, 32]), text });
  }
  return toSprite(picture, marks);
}
