import { setTimeout as sleep } from 'node:timers/promises';

/** Most bytes that go at a time: a piece is cut where it is larger, so that the line is never taken for long. */
const PIECE_BYTES = 64 * 1024;

/**
 * Lets bytes through at a rate, over all streams that go through it together. What was not used of the last second may
 * be used at once.
 */
export class Pace {
  readonly #bytesPerMs: number;
  /** When what was let through so far is paid for, on the clock of `performance.now()`. */
  #free = 0;

  /** @param bytesPerSecond above 0. */
  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  async *slow(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const bytes of source)
      for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
        const piece = bytes.subarray(from, from + PIECE_BYTES);
        const now = performance.now();
        this.#free = Math.max(this.#free, now - 1000) + piece.length / this.#bytesPerMs;
        if (this.#free > now) await sleep(this.#free - now, undefined, { ref: false });
        yield piece;
      }
  }
}
