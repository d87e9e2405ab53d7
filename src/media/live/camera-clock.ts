import type { Seconds } from '../../core/time.ts';

/** How a camera's clock goes beside this machine's. */
export interface CameraTime {
  /** Whether it can be relied on: `off` is small, and its time stamps advance as time does. */
  readonly right: boolean;
  /** Seconds that the camera's clock is ahead (behind: below 0), its way here included; undefined where it tells none. */
  readonly off?: Seconds;
}

/** Packets are taken together for so long: the fastest of them took the way that nothing held up. */
const together: Seconds = 2;
/** From this on a clock is off, and below that right again. */
const offFrom: Seconds = 2;
const rightBelow: Seconds = 1;
/** Time stamps that ran away from the clock so far within {@link kept} spells do not advance as time does. */
const runAway: Seconds = 0.5;
const kept = 5;
/** How long they must then have gone evenly. */
const evenFor: Seconds = 8;

/** A packet as it came. */
export interface TimedPacket {
  /** On the camera's media clock; undefined where it has none. */
  readonly stamp: Seconds | undefined;
  /** Capture on the camera's wall clock, milliseconds since 1970, as RTCP sender reports tell it. */
  readonly captured: number | undefined;
  /** Milliseconds on a clock that runs evenly, and since 1970. */
  readonly arrived: number;
  readonly at: number;
}

/** Compares the clock of a camera with this machine's. */
export class CameraClock {
  #began: number | undefined;
  #ahead = -Infinity;
  #behind = Infinity;
  readonly #earlier: number[] = [];
  #off: Seconds | undefined;
  #wrong = false;
  #unevenAt = -Infinity;
  #even = true;

  get time(): CameraTime {
    return { right: this.#even && !this.#wrong, ...(this.#off === undefined ? {} : { off: this.#off }) };
  }

  /** The next packet comes from a new connection, whose stamps begin anywhere. */
  restart(): void {
    [this.#began, this.#ahead, this.#behind] = [undefined, -Infinity, Infinity];
    this.#earlier.length = 0;
  }

  take({ stamp, captured, arrived, at }: TimedPacket): void {
    this.#began ??= arrived;
    if (arrived - this.#began >= together * 1000) this.#close(arrived);
    // A camera without a wall clock counts from 1900 or its start (RFC 3550, 4): nothing can be said of it.
    if (captured !== undefined && captured > 0) this.#ahead = Math.max(this.#ahead, (captured - at) / 1000);
    if (stamp !== undefined) this.#behind = Math.min(this.#behind, arrived / 1000 - stamp);
  }

  #close(arrived: number): void {
    if (this.#ahead > -Infinity) {
      this.#off = this.#ahead;
      this.#wrong = Math.abs(this.#off) >= (this.#wrong ? rightBelow : offFrom);
    }
    if (this.#behind < Infinity) {
      if (this.#earlier.some((one) => Math.abs(one - this.#behind) > runAway)) {
        this.#unevenAt = arrived;
        this.#earlier.length = 0;
      }
      this.#earlier.push(this.#behind);
      if (this.#earlier.length > kept) this.#earlier.shift();
      this.#even = arrived - this.#unevenAt >= evenFor * 1000;
    }
    [this.#began, this.#ahead, this.#behind] = [arrived, -Infinity, Infinity];
  }
}
