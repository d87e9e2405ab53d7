import type { Seconds } from '../../../core/time.ts';
import type { EffortSettings } from '../../../vision/effort.ts';
import type { RedactionPlan } from '../plan.ts';

/** How a frame is looked at: for things only, or for text and codes as well. */
export type LookKind = 'no' | 'frame';

/** Frames that must lie between two looks: where many tracks end, one look serves them all. */
const LEAST_FRAMES = 3;
/** Looks beside the regular ones, as a share of these, and at least. */
const EXTRA = { share: 0.1, least: 2 };
/** Every k-th frame of a slow camera may be seconds apart. */
const LONGEST_GAP: Seconds = 0.5;
/** Frames of two descriptions of one moment differ by rounding. */
const SLACK: Seconds = 1e-3;

/**
 * Says which frames of the output are looked at: every k-th, and, instead of waiting for that, those just outside of the
 * ends of tracks, as long as these are few, and the first and the last of each scene.
 */
export class LookSchedule {
  readonly #every: number;
  readonly #textEvery: Seconds | undefined;
  readonly #starts: readonly Seconds[];
  readonly #ends: readonly Seconds[];
  #frame = -1;
  #looked = -100;
  #looks = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #readAt = Number.NEGATIVE_INFINITY;
  #time = Number.NEGATIVE_INFINITY;
  /** A track ended since the newest look. */
  #ended = false;

  constructor(plan: RedactionPlan, effort: EffortSettings) {
    this.#every = effort.every;
    this.#textEvery = effort.text?.seconds;
    const drawn = plan.regions.filter(({ redact, origin }) => redact && origin === 'model');
    this.#starts = drawn.map(({ start }) => start).sort((a, b) => a - b);
    this.#ends = drawn.map(({ end }) => end).sort((a, b) => a - b);
  }

  /** Whether the frame before this one, just before a track begins, is to be looked at. Call before {@link due}. */
  wantsBefore(time: Seconds): boolean {
    if (this.#frame < 0) return false;
    const begins = anyBetween(this.#starts, this.#time + SLACK, time + SLACK);
    return begins && this.#mayAdd(this.#frame) && this.#note(this.#frame, this.#time);
  }

  /** How the next frame is to be looked at, if it is. */
  due(time: Seconds, isCut: boolean): LookKind | undefined {
    this.#ended ||= anyBetween(this.#ends, this.#time - SLACK, time - SLACK);
    this.#frame += 1;
    this.#time = time;
    const since = this.#frame - this.#looked;
    const regular = since >= this.#every || time - this.#lookedAt >= LONGEST_GAP;
    if (!isCut && !regular && !(this.#ended && this.#mayAdd(this.#frame))) return undefined;
    this.#note(this.#frame, time);
    return this.#kind(isCut ? 0 : this.#textEvery);
  }

  /** How the newest frame, which is the last of its scene, is still to be looked at, if it is. */
  closing(): LookKind | undefined {
    if (this.#readAt === this.#time) return undefined;
    // Text may have shown up since it was last looked for, unless that was just now.
    const kind = this.#kind(this.#textEvery === undefined ? undefined : this.#textEvery / 4);
    if (kind === 'no' && this.#looked === this.#frame) return undefined;
    this.#note(this.#frame, this.#time);
    return kind;
  }

  /** Whether a frame may be looked at besides the regular ones. */
  #mayAdd(frame: number): boolean {
    const regular = frame / this.#every;
    const most = regular + Math.max(EXTRA.least, EXTRA.share * regular);
    return frame - this.#looked >= LEAST_FRAMES && this.#looks < most;
  }

  /** @param wait how long text is not looked for again. */
  #kind(wait: Seconds | undefined): LookKind {
    if (this.#textEvery === undefined || wait === undefined) return 'no';
    if (this.#time - this.#readAt < wait - SLACK) return 'no';
    this.#readAt = this.#time;
    return 'frame';
  }

  #note(frame: number, time: Seconds): true {
    this.#ended = false;
    this.#looks += 1;
    this.#looked = frame;
    this.#lookedAt = time;
    return true;
  }
}

/** Whether one of the sorted times lies after `low` and not after `high`. */
function anyBetween(times: readonly Seconds[], low: Seconds, high: Seconds): boolean {
  let [from, to] = [0, times.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (times[middle]! > low) to = middle;
    else from = middle + 1;
  }
  return from < times.length && times[from]! <= high;
}
