import { area, holdsCentre, intersection, scaled, type PixelBox, type Size } from '../../../../core/box.ts';
import type { Placed } from './placed.ts';

/** A region in a picture, with its box in pixels of the canvas that names are written on. */
export interface Named {
  readonly id: string;
  readonly box: PixelBox;
  readonly shape: 'box' | 'ellipse';
  /** Letters of the code that stands in the middle of its mask. */
  readonly letters: number;
}

/** What is written, and where. */
export interface WrittenName {
  readonly id: string;
  readonly text: string;
  readonly box: PixelBox;
}

/**
 * Where the names of regions are written, so that each can be read, meets no other, and hides nothing that has to be
 * looked at: within a mask, beside the code in its middle, or outside of an outline. Where a name has no room its number
 * stands for it, if no other region of the picture has that number; else there is nothing.
 * @param wide how wide a text is.
 * @param within whether the regions are masks; what is only outlined has its name outside.
 */
export function placeNames(
  regions: readonly Named[],
  { wide, high, room, within }: NameRoom,
): readonly WrittenName[] {
  const written: WrittenName[] = [];
  const numbers = regions.map(({ id }) => numberOf(id));
  const whole = { x: 0, y: 0, ...room };
  for (const region of regions.toSorted((a, b) => area(a.box) - area(b.box))) {
    const { id, box } = region;
    const number = numberOf(id);
    const isOne = number !== '' && numbers.filter((other) => other === number).length === 1;
    // A name on a smaller mask would seem to be that mask's; outside, a face lies in the outline of its person.
    const inTheWay = regions
      .filter(
        (other) =>
          other !== region && (within ? area(other.box) < area(box) : !holdsCentre(other.box, region.box)),
      )
      .map((other) => other.box);
    const free = (place: PixelBox): boolean =>
      area(intersection(place, whole)) > area(place) - 0.01 &&
      [...inTheWay, ...written.map((one) => one.box)].every(
        (other) => area(intersection(place, other)) === 0,
      );
    for (const text of isOne ? [id, number] : [id]) {
      const size = { width: wide(text), height: high };
      const place = (within ? insideOf(region, whole, size) : besideOf(intersection(box, whole), size)).find(
        free,
      );
      if (place === undefined) continue;
      written.push({ id, text, box: place });
      break;
    }
  }
  return written;
}

interface NameRoom {
  readonly wide: (text: string) => number;
  readonly high: number;
  /** Of the canvas. */
  readonly room: Size;
  readonly within: boolean;
}

/** Regions with their boxes in pixels of a canvas that shows the picture from a corner on. */
export function namedOf(
  placed: readonly Placed[],
  scale: { readonly across: number; readonly down: number },
  corner: { readonly x: number; readonly y: number } = { x: 0, y: 0 },
): Named[] {
  const { across, down } = scale;
  return placed.map(({ region: { id, shape, label = '' }, box }) => ({
    ...{ id, shape, letters: label.length },
    box: {
      ...{ x: (box.x - corner.x) * across, y: (box.y - corner.y) * down },
      ...{ width: box.width * across, height: box.height * down },
    },
  }));
}

/** What is said aloud of a name: face-12 is number 12. */
function numberOf(id: string): string {
  return id.replace(/^\D+/, '');
}

/** Corners of a mask that the name fits in. */
function insideOf({ box, shape, letters }: Named, whole: PixelBox, { width, height }: Size): PixelBox[] {
  // The largest box in an ellipse; of a mask that is cut by the edge, what is seen.
  const inner = intersection(shape === 'box' ? box : scaled(box, Math.SQRT1_2, Math.SQRT1_2), whole);
  const code = letters === 0 ? 0 : Math.min(box.height * 0.4, (box.width * 0.9) / (0.62 * letters));
  const middle = box.y + box.height / 2;
  const right = inner.x + inner.width - width;
  const bottom = inner.y + inner.height - height;
  if (right < inner.x || bottom < inner.y) return [];
  return [inner.y, bottom]
    .filter((y) => code === 0 || y + height <= middle - code / 2 || y >= middle + code / 2)
    .flatMap((y) => [inner.x, right].map((x) => ({ x, y, width, height })));
}

function besideOf(box: PixelBox, { width, height }: Size): PixelBox[] {
  const gap = 2;
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  return [
    { x: box.x, y: box.y - height - gap },
    { x: box.x, y: bottom + gap },
    { x: right - width, y: box.y - height - gap },
    { x: right + gap, y: box.y },
    { x: box.x - width - gap, y: box.y },
  ].map((place) => ({ ...place, width, height }));
}
