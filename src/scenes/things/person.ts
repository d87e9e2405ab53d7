import type { Random } from '../../core/random.ts';
import { drawClothes } from './clothes.ts';
import { headsOf, type PhotoSet } from '../photo-set.ts';
import { cutOutHead } from './cut-out.ts';
import { blankPicture, paste, type Picture } from '../draw/picture.ts';
import { fillPattern } from './plate.ts';
import { type Sprite, toSprite } from '../draw/sprite.ts';
import { drawText, textMark } from '../draw/text-render.ts';
import { drawBackOfHead, type Head } from './back-of-head.ts';
import { faceMark } from './face-mark.ts';
import type { Mark } from '../truth.ts';

/** Height of the face in the sprite, hairline to chin; everything else is measured in faces. */
export const FACE = 160;
const WIDTH = 3.1 * FACE;
const HEIGHT = 8 * FACE;
/** Where the collar begins. */
const COLLAR = { x: WIDTH / 2, y: 1.72 * FACE };

/** How a person holds the head. */
export interface Pose {
  /** Radians by which the head leans, clockwise. */
  readonly lean?: number;
  /** Turned away: the back of a drawn head instead of a photographed face. */
  readonly away?: boolean;
}

/**
 * A standing person: a head from a photograph on drawn clothes. Every second one wears a vest with a number.
 * @param which head of the set; any whole number from 0.
 */
export async function drawPerson(
  random: Random,
  photos: PhotoSet,
  which: number,
  pose: Pose = {},
): Promise<Sprite> {
  const head = await (pose.away === true
    ? drawBackOfHead(random, FACE)
    : photographedHead(photos, which, pose.lean ?? 0));
  const officer = which % 2 === 0;
  const clothes = await drawClothes(random, {
    width: WIDTH,
    height: HEIGHT,
    unit: FACE,
    collar: COLLAR,
    officer,
    back: pose.away === true,
  });
  const picture = blankPicture(WIDTH, HEIGHT);
  paste(picture, clothes.body, 0, 0);
  const left = Math.round(COLLAR.x - head.neck.x);
  const top = Math.round(COLLAR.y + 0.1 * FACE - head.neck.y);
  paste(picture, head.picture, left, top);
  paste(picture, clothes.collar, 0, 0);
  const { box } = head.mark;
  const marks: Mark[] = [
    { class: 'person', box: { x: 0, y: Math.max(0, top), width: WIDTH, height: HEIGHT - Math.max(0, top) } },
    { ...head.mark, box: { ...box, x: box.x + left, y: box.y + top } },
  ];
  // A vest has its number in front.
  if (officer && pose.away !== true) marks.push(await drawBadge(picture, random));
  return toSprite(picture, marks);
}

async function photographedHead(photos: PhotoSet, which: number, lean: number): Promise<Head> {
  const heads = headsOf(photos);
  const known = heads[which % heads.length]!;
  const { picture, face, neck } = await cutOutHead(photos, known, FACE, lean);
  return { picture, neck, mark: faceMark(known.face, face, lean) };
}

async function drawBadge(picture: Picture, random: Random): Promise<Mark> {
  const text = `ID ${fillPattern('9999', random)}`;
  const place = {
    x: COLLAR.x + 0.4 * FACE,
    y: COLLAR.y + 0.98 * FACE,
    height: 0.15 * FACE,
    width: 0.7 * FACE,
    align: 'centre' as const,
  };
  return textMark('badge', text, await drawText(picture, text, place, [20, 24, 32]));
}
