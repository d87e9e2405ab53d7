import type { Seconds } from '../../core/time.ts';

const first: Seconds = 0.25;
/** A camera that comes back should be seen within five seconds. */
const longest: Seconds = 3;
/** What is not a video stream will hardly become one soon. */
const longestElsewhere: Seconds = 10;
/** Cameras lock accounts after a few wrong passwords. */
const afterWrongPassword: Seconds = 30;

/** How long to wait before the next try at a camera. */
export class BackOff {
  #tries = 0;
  readonly #random: () => number;

  /** @param random 0 to 1, as `Math.random`: keeps many cameras from coming back in step. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** The camera was well for a while. */
  reset(): void {
    this.#tries = 0;
  }

  /** @param code of the error of the last try. */
  next(code: string): Seconds {
    if (code === 'E_LIVE_CHANGED') return 0;
    const spread = 0.75 + 0.5 * this.#random();
    if (code === 'E_LIVE_PASSWORD') return afterWrongPassword * spread;
    const most = lasting.has(code) ? longestElsewhere : longest;
    return Math.min(most, first * 2 ** this.#tries++) * spread;
  }
}

const lasting = new Set(['E_LIVE_FORMAT', 'E_LIVE_NOT_FOUND', 'E_LIVE_NO_VIDEO', 'E_LIVE_SIZE']);
