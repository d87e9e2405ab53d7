import { coverage, scaled, type PixelBox, type Size } from '../../core/box.ts';
import type { Observation } from '../../core/observation.ts';
import type { Seconds } from '../../core/time.ts';
import type { Motion } from '../../vision/motion/gate.ts';
import { ObjectSizes } from '../../vision/motion/sizes.ts';
import { coverWithWindows, defaultSizing } from '../../vision/motion/windows.ts';
import { uprightTiles } from '../../vision/tiles.ts';
import type { LiveTracks } from './live-tracks.ts';

/** Height of a person before any was seen, as a share of the picture's. */
const expectedHeight = 0.15;
/** Room around what moves, and around where something is expected. */
const motionRoom = 1.15;
const expectedRoom = 1.1;
/** How often what keeps its place is looked at, and the whole picture while anything moves. */
const recheck: Seconds = 1;
const wholeEvery: Seconds = 2;
/** Windows this large (share of the shorter side) show no more than the whole picture with two tiles. */
const nearlyWhole = 0.8;
/** Score from which a thing teaches how large things are at its place. */
const sure = 0.6;

/** Where to look in a frame. */
export interface LookPlan {
  readonly windows: readonly PixelBox[];
  /** Look at the whole picture too: only for what is too large for the windows. */
  readonly whole: boolean;
  /** Places for which the budget did not suffice. */
  readonly missed: number;
}

/** Decides for one camera where its detector looks: around motion and around what is followed, as large as things are there. */
export class LookPlanner {
  readonly #picture: Size;
  readonly #budget: number;
  readonly #sizes: ObjectSizes;
  #wholeAt = Number.NEGATIVE_INFINITY;

  /** @param budget windows that may be looked at in one frame. */
  constructor(picture: Size, budget: number) {
    this.#picture = picture;
    this.#budget = budget;
    this.#sizes = new ObjectSizes(picture, picture.height * expectedHeight);
  }

  /** @param tracks what is followed, up to the look before. */
  plan(motion: Motion, tracks: LiveTracks, time: Seconds): LookPlan {
    const places = motion.learning ? [{ x: 0, y: 0, ...this.#picture }] : this.#places(motion, tracks, time);
    if (places.length === 0) return { windows: [], whole: false, missed: 0 };
    const whole = motion.learning || time - this.#wholeAt >= wholeEvery;
    if (whole) this.#wholeAt = time;
    const short = Math.min(this.#picture.width, this.#picture.height);
    const side = (place: PixelBox): number => {
      const wanted = defaultSizing.heights * this.#sizes.at(place);
      return Math.min(short * defaultSizing.largest, Math.max(short * defaultSizing.smallest, wanted));
    };
    const large = places.filter((place) => side(place) >= nearlyWhole * short);
    const small = places.filter((place) => !large.includes(place));
    const tiles = large.length > 0 ? uprightTiles(this.#picture, 2) : [];
    const { windows, missed } = coverWithWindows(small, side, this.#picture, this.#budget - tiles.length);
    return { windows: [...tiles, ...windows], whole: whole || large.length > 0, missed };
  }

  #places(motion: Motion, tracks: LiveTracks, time: Seconds): PixelBox[] {
    const moving = motion.boxes.map((box) => scaled(box, motionRoom));
    const expected = tracks
      .expected(time)
      .filter(
        ({ box, still, lastSeen }) =>
          !still || time - lastSeen >= recheck || moving.some((place) => coverage(box, place) > 0.2),
      )
      .map(({ box }) => scaled(box, expectedRoom));
    return [...moving, ...expected];
  }

  /** Takes in what was found, to know sizes better. */
  learn(observations: readonly Observation[]): void {
    for (const { box, score, class: name } of observations)
      if (name === 'person' && score >= sure) this.#sizes.learn(box);
  }

  /** Whether a thing is so large for its place that only the whole picture shows all of it. */
  isLarge(box: PixelBox): boolean {
    return (
      box.height > defaultSizing.heights * 0.8 * this.#sizes.at(box) ||
      box.height > 0.45 * this.#picture.height
    );
  }
}
