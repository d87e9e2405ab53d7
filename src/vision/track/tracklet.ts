import { between, type PixelBox } from '../../core/box.ts';
import type { Seconds } from '../../core/time.ts';
import { blended, type Appearance } from './appearance.ts';
import { BoxFilter, type BoxFilterNoise } from './kalman.ts';

/** A box at a moment. */
export interface TimedBox {
  readonly time: Seconds;
  readonly box: PixelBox;
}

/** Observations older than this are not needed for the direction of motion. */
const memory: Seconds = 1;

/** Weight of the newest sighting in the appearance kept. */
const appearanceRate = 0.15;

/** One thing being followed: its motion filter and its last observations. Times rise from call to call. */
export class Tracklet {
  /** Number of observations. */
  hits = 1;
  #filter: BoxFilter;
  #time: Seconds;
  /** The filter as it stood at the last observation, to start again from there; see {@link observe}. */
  #atLastSeen: BoxFilter;
  #recent: TimedBox[];
  /** Moments since the last observation at which the thing was looked for and not found. */
  #missed: Seconds[] = [];

  #appearance: Appearance | undefined;

  constructor(time: Seconds, box: PixelBox, noise: BoxFilterNoise, appearance?: Appearance) {
    this.#appearance = appearance;
    this.#filter = new BoxFilter(box, noise);
    this.#atLastSeen = this.#filter.copy();
    this.#time = time;
    this.#recent = [{ time, box }];
  }

  get lastSeen(): TimedBox {
    return this.#recent.at(-1)!;
  }

  get filter(): BoxFilter {
    return this.#filter;
  }

  /** The colours of the thing, where they were given. */
  get appearance(): Appearance | undefined {
    return this.#appearance;
  }

  /** Moves the filter to `time`. */
  predict(time: Seconds): void {
    this.#filter.predict(time - this.#time);
    this.#time = time;
  }

  /** The box expected at `time`, not before the last prediction; the tracklet is not changed. */
  expectedAt(time: Seconds): PixelBox {
    const ahead = this.#filter.copy();
    ahead.predict(Math.max(0, time - this.#time));
    return ahead.box;
  }

  /** The newest remembered observation that is at least `age` older than the last one, else the oldest. */
  observationBefore(age: Seconds): TimedBox {
    const limit = this.lastSeen.time - age;
    return this.#recent.findLast((entry) => entry.time <= limit) ?? this.#recent[0]!;
  }

  /** Whether the thing has been looked for since its last observation, and not found. */
  get isMissed(): boolean {
    return this.#missed.length > 0;
  }

  /** Notes that the thing was looked for at the predicted time and not found. */
  miss(): void {
    this.#missed.push(this.#time);
  }

  /**
   * Takes in an observation of the predicted time. After misses the filter is taken back to the last observation and
   * led to the new one along a straight line of virtual observations: the observation-centric re-update of OC-SORT
   * (Cao et al., CVPR 2023), which undoes the error that a filter gathers while it runs without measurements.
   */
  observe(box: PixelBox, appearance?: Appearance): void {
    if (appearance !== undefined) {
      this.#appearance =
        this.#appearance === undefined ? appearance : blended(this.#appearance, appearance, appearanceRate);
    }
    if (this.#missed.length > 0) this.#update(box);
    else this.#filter.update(box);
    this.#atLastSeen = this.#filter.copy();
    this.#missed = [];
    this.#recent.push({ time: this.#time, box });
    this.#recent = this.#recent.filter((entry) => entry.time >= this.#time - memory);
    this.hits++;
  }

  #update(box: PixelBox): void {
    const last = this.lastSeen;
    this.#filter = this.#atLastSeen;
    let reached = last.time;
    for (const time of [...this.#missed, this.#time]) {
      const share = (time - last.time) / (this.#time - last.time);
      this.#filter.predict(time - reached);
      this.#filter.update(between(last.box, box, share));
      reached = time;
    }
  }
}
