import { iou } from '../core/box.ts';
import type { Observation } from '../core/observation.ts';
import type { Seconds } from '../core/time.ts';

/** A line that overlaps itself this much from one look to the next stands still. */
const STILL_IOU = 0.6;

/**
 * Decides when text is looked for. Text that stands still needs few looks; between two looks at text that moves its
 * place is a guess, so then they come closer together.
 */
export class TextCadence {
  readonly #still: Seconds;
  readonly #moving: Seconds;
  #last = Number.NEGATIVE_INFINITY;
  #looks: (readonly Observation[])[] = [];

  /** @param still, moving seconds between looks. */
  constructor(still: Seconds, moving: Seconds) {
    this.#still = still;
    this.#moving = moving;
  }

  /** True when the time since the last look calls for {@link isDue} to be asked, which needs that look's result. */
  mayBeDue(time: Seconds): boolean {
    return time - this.#last >= this.#moving - SLACK;
  }

  isDue(time: Seconds): boolean {
    const wait = this.#isMoving() ? this.#moving : this.#still;
    return time - this.#last >= wait - SLACK;
  }

  /** Notes that a look was begun. */
  begun(time: Seconds): void {
    this.#last = time;
  }

  /** Takes in the text of a finished look. */
  seen(lines: readonly Observation[]): void {
    this.#looks = [lines, ...this.#looks].slice(0, 3);
  }

  /** Lines that come and go in one place are the detector's doubt, not motion: two earlier looks may vouch for one. */
  #isMoving(): boolean {
    const [newest = [], ...earlier] = this.#looks;
    if (earlier.length === 0) return newest.length > 0;
    return newest.some((line) => !earlier.flat().some((other) => iou(other.box, line.box) >= STILL_IOU));
  }
}

/** Half a millisecond, or a rate whose frames fall on the interval would be looked at one frame late. */
const SLACK: Seconds = 5e-4;
