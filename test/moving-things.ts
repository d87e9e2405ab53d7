import type { PixelBox, Size } from '../src/core/box.ts';
import type { Observation } from '../src/core/observation.ts';

export const pictureSize: Size = { width: 640, height: 360 };

/** A made-up observation. `text` serves tests to say which thing it is of. */
export function observe(box: PixelBox, text: string, score = 0.9, name = 'person'): Observation {
  return { class: name, box, score, model: { id: 'made-up', digest: '' }, text };
}

/** A box of 40 x 80 pixels about a centre. */
export function person(x: number, y = 180): PixelBox {
  return { x: x - 20, y: y - 40, width: 40, height: 80 };
}
