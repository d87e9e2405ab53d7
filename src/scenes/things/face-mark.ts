import type { PixelBox } from '../../core/box.ts';
import type { KnownFace } from '../photo-set.ts';
import type { Mark } from '../truth.ts';

/**
 * What is known of a photographed face that was put into a sprite.
 * @param box of the face in the sprite, as it is turned there. @param turn radians, clockwise.
 */
export function faceMark({ id, view }: KnownFace, box: PixelBox, turn = 0): Mark {
  return { class: 'face', box, oval: true, subject: id, turn, ...(view === undefined ? {} : { view }) };
}
