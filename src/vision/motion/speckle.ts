import type { NormalizedBox, Size } from '../../core/box.ts';
import type { Seconds } from '../../core/time.ts';
import { fewestPixels } from './background.ts';
import { findBlobs, type Blob } from './blobs.ts';

/** Places without substance or past, on average of the last moments, from which weather is assumed, and its end. */
const [weatherFrom, weatherUntil] = [6, 3];
const memory: Seconds = 2;
/** Way, as a share of the picture, that something may go from look to look and be the same: at least, and a second. */
const [leastWay, wayPerSecond] = [0.02, 0.12];
/** Looks in a row that something must be there in weather: among many flakes, one is often where another was. */
const looksInWeather = 3;
/** Time between looks after which nothing can be told by what was there before. */
const longestStep: Seconds = 0.7;

/**
 * Tells people from rain, snow and leaves in the places that changed. Drops are thin, flakes are gone at the next look,
 * leaves are edges: where many such places are, only one counts that has substance (some pixel changed with all about it)
 * and had it at the two looks before. In fair weather every place counts, at once.
 */
export class Speckle {
  #strays = 0;
  #weather = false;
  /** The places with substance at the look before, and how many looks in a row they were there. */
  #before: readonly { readonly blob: Blob; readonly looks: number }[] = [];

  /** The places of a mask that count, largest first. @param step time since the look before. */
  sift(mask: Uint8Array, size: Size, step: Seconds): readonly Blob[] {
    const enough = ({ pixels }: Blob): boolean => pixels >= fewestPixels;
    const found = findBlobs(mask, size).filter(enough);
    const solid = findBlobs(opened(mask, size), size).filter(enough);
    const way = leastWay + wayPerSecond * step;
    const known = solid.map((blob) => {
      const earlier = this.#before.filter((one) => touch(blob.box, one.blob.box, way));
      return { blob, looks: 1 + Math.max(0, ...earlier.map(({ looks }) => looks)) };
    });
    const lasting =
      step > longestStep
        ? solid
        : known.filter(({ looks }) => looks >= looksInWeather).map(({ blob }) => blob);
    const strays = found.filter(({ box }) => !lasting.some((one) => touch(box, one.box, 0))).length;
    this.#count(strays, step);
    this.#before = known;
    return this.#weather ? lasting : found;
  }

  /** Takes in that nothing changed, as {@link sift} would of an empty mask. */
  rest(step: Seconds): void {
    this.#count(0, step);
    this.#before = [];
  }

  #count(strays: number, step: Seconds): void {
    this.#strays += (1 - Math.exp(-step / memory)) * (strays - this.#strays);
    this.#weather = this.#strays > (this.#weather ? weatherUntil : weatherFrom);
  }
}

/** What is left of a mask when all that is thinner than three pixels is taken away. */
function opened(mask: Uint8Array, { width, height }: Size): Uint8Array {
  const open = new Uint8Array(mask.length);
  for (let y = 1; y < height - 1; y++) {
    for (let at = y * width + 1, end = at + width - 2; at < end; at++) {
      if (mask[at] === 0) continue;
      if ((mask[at - 1]! & mask[at + 1]! & mask[at - width]! & mask[at + width]!) === 0) continue;
      open[at] = open[at - 1] = open[at + 1] = open[at - width] = open[at + width] = 1;
    }
  }
  return open;
}

function touch(a: NormalizedBox, b: NormalizedBox, room: number): boolean {
  return (
    a.left < b.right + room && b.left < a.right + room && a.top < b.bottom + room && b.top < a.bottom + room
  );
}
