import type { Seconds } from '../../core/time.ts';

/** Seconds by which time stamps may run away from the clock between two packets before they count as having jumped. */
const jump: Seconds = 2.5;
/** How much faster than its own a camera's clock may run, seconds per second. */
const drift = 0.0005;

/** When even the fastest packet of so long was late, it is the time stamps that are slow: nothing waits on its way so long. */
const spell: Seconds = 2;

/** When a packet belongs, on a clock that never goes back. */
export interface StreamMoment {
  /** Stream time: 0 with the first packet ever, going on over reconnects and jumps of the camera's clock. */
  readonly time: Seconds;
  /** Seconds that the packet came later than the fastest one: what waits in buffers on its way. */
  readonly late: Seconds;
}

/**
 * Lays a camera's time stamps on the clock of this machine. Stamps give the distances, arrivals the place: the packet
 * that took the shortest way sets it. Restarted and jumping camera clocks are laid anew.
 */
export class StreamClock {
  #zero: number | undefined;
  #offset: number | undefined;
  /** The shortest ways of this spell and the one before, and when this one began. */
  #least = Infinity;
  #leastBefore = Infinity;
  #spellBegan: Seconds = 0;
  #lastStamp: Seconds = 0;
  #lastArrival: Seconds = 0;

  /** The next packet comes from a new connection, whose stamps begin anywhere. */
  restart(): void {
    this.#offset = undefined;
  }

  /**
   * @param stamp decoding time of the packet on the camera's clock; undefined where it has none.
   * @param arrived milliseconds on a clock that runs evenly.
   */
  place(stamp: Seconds | undefined, arrived: number): StreamMoment {
    this.#zero ??= arrived;
    const now = (arrived - this.#zero) / 1000;
    if (stamp === undefined) return { time: now, late: 0 };
    const step = stamp - this.#lastStamp;
    const waited = now - this.#lastArrival;
    const jumped = step < 0 || Math.abs(step - waited) > jump;
    const way = now - stamp;
    if (this.#offset === undefined || jumped) {
      this.#offset = this.#least = this.#leastBefore = way;
      this.#spellBegan = now;
    }
    this.#least = Math.min(this.#least, way);
    const slow = Math.min(this.#least, this.#leastBefore);
    this.#offset = Math.min(way, Math.max(slow, this.#offset + drift * waited));
    if (now - this.#spellBegan >= spell) {
      [this.#leastBefore, this.#least, this.#spellBegan] = [this.#least, Infinity, now];
    }
    this.#lastStamp = stamp;
    this.#lastArrival = now;
    const time = stamp + this.#offset;
    return { time, late: now - time };
  }
}
