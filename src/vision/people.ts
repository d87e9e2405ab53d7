import type { PixelBox } from '../core/box.ts';

/**
 * Where heads are in the boxes of persons. A standing adult is about seven heads high; a box cut off below (somebody
 * at a desk) is wider for its height, so the head is taken as a share of the width when that is more.
 */
function headSide(person: PixelBox): number {
  return Math.max(person.height * 0.16, Math.min(person.width * 0.4, person.height * 0.4));
}

/** The head of a person, without margin. */
export function headBox(person: PixelBox): PixelBox {
  const side = headSide(person);
  return { x: person.x + person.width / 2 - side / 2, y: person.y, width: side, height: side };
}

/**
 * The square around a head in which a face detector should look. Two and a half heads wide, so that a head that leans
 * out of the middle is still inside.
 */
export function headCrop(person: PixelBox): PixelBox {
  const side = headSide(person);
  const crop = side * 2.4;
  return {
    x: person.x + person.width / 2 - crop / 2,
    y: person.y + side / 2 - crop / 2,
    width: crop,
    height: crop,
  };
}

/** The square around a person, with room to correct the box. */
export function personCrop(person: PixelBox): PixelBox {
  const side = Math.max(person.width, person.height) * 1.3;
  return {
    x: person.x + person.width / 2 - side / 2,
    y: person.y + person.height / 2 - side / 2,
    width: side,
    height: side,
  };
}
