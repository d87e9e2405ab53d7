import type { Progress } from '../core/progress.ts';
import type { Seconds } from '../core/time.ts';

/** Speed is taken over this much of the past, so that it follows a change and does not jump. */
const windowSeconds = 10;

export interface Pace {
  /** Units per second; undefined until there is something to go by. */
  readonly perSecond: number | undefined;
  /** Undefined when the total or the speed is not known. */
  readonly left: Seconds | undefined;
}

/** Reads speed and time left off a series of progress reports. */
export class Speedometer {
  #stage = '';
  #samples: { readonly at: Seconds; readonly done: number }[] = [];

  /** @param now seconds of any steady clock. */
  read(progress: Progress, now: Seconds): Pace {
    const last = this.#samples.at(-1);
    if (progress.stage !== this.#stage || (last !== undefined && progress.done < last.done)) {
      this.#stage = progress.stage;
      this.#samples = [];
    }
    this.#samples.push({ at: now, done: progress.done });
    // One sample from before the window stays, so that the window is covered in full.
    while ((this.#samples[1]?.at ?? now) < now - windowSeconds) this.#samples.shift();
    const [first] = this.#samples;
    const span = now - (first?.at ?? now);
    const perSecond = span > 0 ? (progress.done - (first?.done ?? 0)) / span : undefined;
    const known = progress.total !== undefined && perSecond !== undefined && perSecond > 0;
    return { perSecond, left: known ? Math.max(0, progress.total - progress.done) / perSecond : undefined };
  }
}
