import type { Size } from '../core/box.ts';
import type { Random } from '../core/random.ts';
import type { Part, SceneElement } from './cast.ts';
import { HORIZON } from './draw/background.ts';
import { eased, linear, type Motion, type Placement, walking } from './draw/motion.ts';
import type { Sprite } from './draw/sprite.ts';
import { headsOf } from './photo-set.ts';
import { drawPassport } from './things/document.ts';
import { drawNotice } from './things/notice.ts';
import { drawPerson, FACE } from './things/person.ts';
import { drawVehicle } from './things/vehicle.ts';

/**
 * Things of every size and speed, for measuring: each quantity is drawn from its whole range, alike in all scenes, where
 * the usual cast makes pictures that look composed.
 */

/** Heights of faces in a picture of 720 rows, the logarithm evenly spread. */
const FACES = [15, 150] as const;
/** Widths of plates likewise. */
const PLATES = [55, 260] as const;
/** Radians by which heads lean and things are held askew, at most. */
const LEAN = 0.45;
const ASKEW = 0.25;
/** People walk 1.4 m/s, and a face is 0.24 m high; some run. */
const WALK = 5.8;
/** Steps a second. */
const STEPS = 3.6;

/** Somebody who stands, walks or runs, at any distance, facing the camera or turned away. */
export async function passer(part: Part, random: Random): Promise<SceneElement> {
  const { size, seconds, photos } = part;
  const away = part.kind === 'stranger';
  const which = random.integer(2 * Math.max(1, headsOf(photos).length));
  const lean = random.integer(3) === 0 ? random.between(-LEAN, LEAN) : random.between(-0.08, 0.08);
  const faceHeight = logarithmic(random, FACES);
  const lift = random.between(-0.3, 1.6) * faceHeight + random.between(-20, 60);
  const speed = faceHeight * WALK * random.pick([0, 0.3, 1, 1, 1, 1.8]) * random.pick([-1, 1]);
  const entering = speed !== 0 && random.integer(4) === 0;
  const growth = random.pick([0.75, 1, 1, 1.3]);
  const sprite = await drawPerson(random, photos, which, { lean, away });
  const start = entering ? (speed > 0 ? -60 : 1340) : 1280 * spreadEvenly(part.index, random);
  const place = (x: number, factor: number): Placement => {
    const scale = (faceHeight / FACE) * factor;
    const top = Math.max(-0.6 * faceHeight, HORIZON * 720 - 1.1 * faceHeight * factor + lift);
    return at(size, x, top + (sprite.height * scale) / 2, scale);
  };
  const straight = linear(place(start, 1), place(start + speed * seconds, growth));
  const motion = walking(straight, Math.max(1, Math.round(STEPS * seconds)), speed === 0 ? 1 : 6);
  return { sprite, motion, nearness: faceHeight };
}

/** A vehicle that stands, drives off or comes nearer, with a plate of any width. */
export async function traffic(part: Part, random: Random): Promise<SceneElement> {
  const { size, seconds, index, count } = part;
  const sprite = await drawVehicle(random);
  const plate = sprite.marks.find((mark) => mark.class === 'plate')!.box;
  // Large ones hide the others, so there are fewer of them.
  const scale = logarithmic(random, PLATES, 1.6) / plate.width;
  const growth = random.pick([0.8, 1, 1, 1.25]);
  const turn = random.between(-0.06, 0.06);
  const drift = random.pick([0, 0, 20, 60, 240]) * random.pick([-1, 1]) * seconds;
  // Side by side: plates are in the middle, and vehicles hide each other from the sides.
  const middle = (1280 * (index + random.between(0.3, 0.7))) / count;
  const place = (x: number, factor: number): Placement => {
    const own = scale * factor;
    const standing = HORIZON * 720 + 40 * factor + (sprite.height * own) / 2;
    // The plate of a near vehicle would otherwise lie below the picture.
    const lowest = 690 - (plate.y + plate.height - sprite.height / 2) * own;
    return { ...at(size, x, Math.min(standing, lowest), own), turn };
  };
  const motion = eased(linear(place(middle - drift / 2, 1), place(middle + drift / 2, growth)));
  return { sprite, motion, nearness: 90 + scale * 60 };
}

/** A board, a sheet or a sign full of text, standing or carried past. */
export async function notice(part: Part, random: Random): Promise<SceneElement> {
  const sprite = await drawNotice(random);
  return {
    sprite,
    motion: carried(sprite, part, random, random.between(0.85, 1.15)),
    nearness: 300 + part.index,
  };
}

/** A passport held into the picture at any distance. */
export async function handheld(part: Part, random: Random): Promise<SceneElement> {
  const sprite = await drawPassport(random);
  return {
    sprite,
    motion: carried(sprite, part, random, random.between(0.4, 0.95)),
    nearness: 1300 + part.index,
  };
}

/** A slow drift of something that is held askew, most of it inside the picture. */
function carried(sprite: Sprite, { size, seconds }: Part, random: Random, scale: number): Motion {
  const turn = random.integer(2) === 0 ? 0 : random.between(-ASKEW, ASKEW);
  const [spareX, spareY] = [1280 - sprite.width * scale, 720 - sprite.height * scale];
  const x = 640 + Math.max(0, spareX) * random.between(-0.45, 0.5);
  const y = 360 + Math.max(0, spareY) * random.between(-0.45, 0.45);
  const speed = random.pick([0, 0, 15, 60, 160]) * seconds;
  const way = random.between(0, 2 * Math.PI);
  const to = { x: x + speed * Math.cos(way), y: y + 0.4 * speed * Math.sin(way) };
  const from = { ...at(size, x, y, scale), turn };
  return linear(from, {
    ...at(size, to.x, to.y, scale * random.between(0.95, 1.05)),
    turn: turn + random.between(-0.04, 0.04),
  });
}

/** A placement in a picture of 1280 x 720, scaled to the frame. */
function at(size: Size, x: number, y: number, scale: number): Placement {
  return { x: (x / 1280) * size.width, y: (y / 720) * size.height, scale: (scale * size.height) / 720 };
}

/** The golden ratio keeps neighbours in the cast apart, however many there are. */
function spreadEvenly(index: number, random: Random): number {
  return ((0.17 + 0.618034 * index + random.between(0, 0.12)) % 1) * 0.9 + 0.05;
}

/** @param bias above 1 for more of the small ones. */
function logarithmic(random: Random, [low, high]: readonly [number, number], bias = 1): number {
  return low * (high / low) ** (random.next() ** bias);
}
