import type { Random } from '../../core/random.ts';
import { drawClothes } from './clothes.ts';
import { headsOf, type PhotoSet } from '../photo-set.ts';
import { cutOutHead } from './cut-out.ts';
import { blankPicture, drawSvg, paste, type Picture } from '../draw/picture.ts';
import { fillPattern } from './plate.ts';
import { type Sprite, toSprite } from '../draw/sprite.ts';
import { drawText, textMark } from '../draw/text-render.ts';
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
    ? drawBack(random)
    : photographedHead(photos, which, pose.lean ?? 0));
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
  const { box } = head.mark;
  const marks: Mark[] = [
    { class: 'person', box: { x: 0, y: Math.max(0, top), width: WIDTH, height: HEIGHT - Math.max(0, top) } },
    { ...head.mark, box: { ...box, x: box.x + left, y: box.y + top } },
  ];
  // A vest has its number in front.
  if (officer && pose.away !== true) marks.push(await drawBadge(picture, random));
  return toSprite(picture, marks);
}

/** A head, what is known of it, and where its neck ends. Pixels of its picture. */
interface Head {
  readonly picture: Picture;
  readonly mark: Mark;
  readonly neck: { readonly x: number; readonly y: number };
}

async function photographedHead(photos: PhotoSet, which: number, lean: number): Promise<Head> {
  const heads = headsOf(photos);
  const known = heads[which % heads.length]!;
  const { picture, face, neck } = await cutOutHead(photos, known, FACE, lean);
  return { picture, neck, mark: faceMark(known.face, face, lean) };
}

const HAIR = ['#1d1712', '#3a2717', '#6b4a2b', '#9a7544', '#8d8d8b', '#2a2a2e'];

/** The back of a head: hair down to the neck, ears at its sides. */
async function drawBack(random: Random): Promise<Head> {
  const [width, height] = [1.3 * FACE, 1.75 * FACE];
  const hair = random.pick(HAIR);
  const strands = Array.from({ length: 26 }, () => {
    const x = random.between(0.22, 0.78) * width;
    return `<path d="M ${width / 2} ${0.06 * height} Q ${x} ${0.25 * height} ${x + random.between(-6, 6)} ${0.66 * height}"
      stroke="${random.integer(2) === 0 ? '#000' : '#fff'}" stroke-opacity=".12" stroke-width="3" fill="none"/>`;
  }).join('');
  const content = `<rect x="${0.36 * width}" y="${0.5 * height}" width="${0.28 * width}" height="${0.5 * height}" fill="#a97f66"/>
    <ellipse cx="${0.14 * width}" cy="${0.42 * height}" rx="${0.05 * width}" ry="${0.09 * height}" fill="#a97f66"/>
    <ellipse cx="${0.86 * width}" cy="${0.42 * height}" rx="${0.05 * width}" ry="${0.09 * height}" fill="#a97f66"/>
    <path d="M ${width / 2} ${0.03 * height} C ${0.95 * width} ${0.03 * height} ${0.92 * width} ${0.6 * height} ${0.74 * width} ${0.74 * height}
      Q ${width / 2} ${0.8 * height} ${0.26 * width} ${0.74 * height} C ${0.08 * width} ${0.6 * height} ${0.05 * width} ${0.03 * height} ${width / 2} ${0.03 * height} Z" fill="${hair}"/>${strands}`;
  const box = { x: 0.11 * width, y: 0.03 * height, width: 0.78 * width, height: 0.74 * height };
  return {
    picture: await drawSvg(Math.round(width), Math.round(height), content),
    mark: { class: 'head', box, oval: true },
    neck: { x: width / 2, y: height },
  };
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
