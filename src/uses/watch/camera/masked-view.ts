import type { PixelBox, Size } from '../../../core/box.ts';
import type { PixelSource } from '../../../core/observation.ts';
import type { Seconds } from '../../../core/time.ts';
import type { RgbPicture } from '../../../media/live/record/index.ts';
import { BlankedSource } from '../privacy.ts';
import type { CameraFile } from '../site/schema.ts';
import { Cover, eachCovered } from './cover.ts';

/** Widest picture that is shown masked, and most of them in a second: while something is there, and while nothing is. */
export const maskedWidth = 480;
export const maskedPerSecond = 5;
const quietPerSecond = 1;

/** Something that was found in a frame: pixels of the frame. */
export interface FoundThing {
  readonly class: string;
  readonly box: PixelBox;
}

type Colour = readonly [number, number, number];
const moving: Colour = [112, 112, 112];
const people: Colour = [214, 138, 40];
const others: Colour = [58, 112, 190];

/**
 * What may be seen of a camera without a reason: a small picture in which people, vehicles and all else that is not the
 * empty scene are plain areas. Nothing shines through them. One per camera and size of its picture.
 */
export class MaskedView {
  readonly #frame: Size;
  readonly #size: Size;
  readonly #scale: number;
  readonly #privacy: readonly CameraFile['privacy'][number]['polygon'][];
  readonly #cover: Cover;
  #last: Seconds = -Infinity;
  #busy = true;

  /** @param frame pixels of the frames. */
  constructor(frame: Size, privacy: CameraFile['privacy']) {
    this.#frame = frame;
    this.#scale = Math.min(1, maskedWidth / frame.width);
    this.#size = {
      width: Math.max(2, Math.round(frame.width * this.#scale)),
      height: Math.max(2, Math.round(frame.height * this.#scale)),
    };
    this.#privacy = privacy.map(({ polygon }) => polygon);
    this.#cover = new Cover(this.#size);
  }

  /**
   * @param found everything that was found in this frame or is still followed.
   * @param needed whether a picture is wanted in any case.
   * @returns undefined when it is too soon for another picture.
   */
  look(
    source: PixelSource,
    time: Seconds,
    found: readonly FoundThing[],
    needed: boolean,
  ): RgbPicture | undefined {
    const perSecond = this.#busy || found.length > 0 ? maskedPerSecond : quietPerSecond;
    // Frames do not come to the millisecond: a tenth of the time too soon is in time.
    if (!needed && time - this.#last < 0.9 / perSecond) return undefined;
    this.#last = time;
    const { width, height } = this.#size;
    const data = new Uint8Array(width * height * 3);
    const whole = { x: 0, y: 0, ...this.#frame };
    new BlankedSource(source, this.#privacy).readRgb(whole, width, height, data);
    const things = found.map(({ class: name, box }) => ({ name, box: scaled(box, this.#scale) }));
    const covered = this.#cover.update(
      data,
      time,
      things.map(({ box }) => box),
    );
    eachCovered(covered, this.#cover.cells, this.#size, (at) => data.set(moving, at));
    for (const { name, box } of things) this.#paint(data, box, name === 'person' ? people : others);
    this.#busy = covered.includes(1);
    return { width, height, data };
  }

  #paint(data: Uint8Array, box: PixelBox, colour: Colour): void {
    const { width, height } = this.#size;
    const [left, right] = [Math.max(0, Math.floor(box.x)), Math.min(width, Math.ceil(box.x + box.width))];
    const [top, bottom] = [Math.max(0, Math.floor(box.y)), Math.min(height, Math.ceil(box.y + box.height))];
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) data.set(colour, (y * width + x) * 3);
  }
}

function scaled({ x, y, width, height }: PixelBox, scale: number): PixelBox {
  return { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
}
