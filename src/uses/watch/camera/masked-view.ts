import type { PixelBox, Size } from '../../../core/box.ts';
import type { PixelSource } from '../../../core/observation.ts';
import type { Seconds } from '../../../core/time.ts';
import type { RgbPicture } from '../../../media/live/record/index.ts';
import type { PrivacyZones } from '../privacy.ts';
import { Cover, eachCovered } from './cover.ts';

/** Widest picture that is shown masked, and most of them in a second: while the masks change, and while they do not. */
export const maskedWidth = 480;
export const maskedPerSecond = 5;
const quietPerSecond = 1;
/** How long after a change another one is looked for as often as while they change. */
const lively: Seconds = 2;
/** Pixels of the small picture by which a mask may tremble: boxes of what stands still do. */
const tremble = 4;

/** Something that was found in a frame: pixels of the frame. */
export interface FoundThing {
  readonly class: string;
  readonly box: PixelBox;
}

/** What a picture hides: cells that are not background, and what was found, in pixels of the small picture. */
interface Masks {
  readonly cells: Uint8Array;
  readonly things: readonly Thing[];
}

interface Thing {
  readonly name: string;
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
  readonly #privacy: PrivacyZones;
  readonly #cover: Cover;
  /** When a picture was looked at last, and when one was given out. */
  #looked: Seconds = -Infinity;
  #given: Seconds = -Infinity;
  #changed: Seconds = -Infinity;
  /** What the picture that was given out last hides. */
  #masks: Masks | undefined;

  /** @param frame pixels of the frames. */
  constructor(frame: Size, privacy: PrivacyZones) {
    this.#frame = frame;
    this.#scale = Math.min(1, maskedWidth / frame.width);
    this.#size = {
      width: Math.max(2, Math.round(frame.width * this.#scale)),
      height: Math.max(2, Math.round(frame.height * this.#scale)),
    };
    this.#privacy = privacy;
    this.#cover = new Cover(this.#size);
  }

  /**
   * What is not covered is the empty background: a picture is another one only when its masks are. One that is not is given
   * out once a second, as light changes and whoever looks must see that the camera is there.
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
    const things = found.map(({ class: name, box }) => ({ name, box: scaled(box, this.#scale) }));
    const moved = this.#masks === undefined || !areAlike(this.#masks.things, things);
    if (moved) this.#changed = time;
    const perSecond = time - this.#changed < lively ? maskedPerSecond : quietPerSecond;
    if (!needed && tooSoon(time - this.#looked, perSecond)) return undefined;
    this.#looked = time;
    const { width, height } = this.#size;
    const data = new Uint8Array(width * height * 3);
    const whole = { x: 0, y: 0, ...this.#frame };
    this.#privacy.blank(source).readRgb(whole, width, height, data);
    const cells = this.#cover.update(data, time);
    const same = !moved && this.#masks !== undefined && Buffer.compare(this.#masks.cells, cells) === 0;
    if (!same) this.#changed = time;
    if (same && !needed && tooSoon(time - this.#given, quietPerSecond)) return undefined;
    this.#given = time;
    this.#masks = { cells, things };
    const covered = cells.slice();
    for (const { box } of things) this.#cover.hide(covered, box);
    eachCovered(covered, this.#cover.cells, this.#size, (at) => data.set(moving, at));
    for (const { name, box } of things) this.#paint(data, box, name === 'person' ? people : others);
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

/** Frames do not come to the millisecond: a tenth of the time too soon is in time. */
function tooSoon(since: Seconds, perSecond: number): boolean {
  return since < 0.9 / perSecond;
}

/** Whether each of them stands where one of the others does. */
function areAlike(some: readonly Thing[], others: readonly Thing[]): boolean {
  const among = (one: Thing, all: readonly Thing[]): boolean =>
    all.some(
      ({ name, box }) =>
        name === one.name &&
        Math.abs(box.x - one.box.x) <= tremble &&
        Math.abs(box.y - one.box.y) <= tremble &&
        Math.abs(box.width - one.box.width) <= tremble &&
        Math.abs(box.height - one.box.height) <= tremble,
    );
  return some.every((one) => among(one, others)) && others.every((one) => among(one, some));
}
