import { readFile } from 'node:fs/promises';
import { setInterval } from 'node:timers/promises';
import type { BrokenLimit } from './death.ts';

const checkEveryMs = 250;

/** Memory of a process that is in RAM, bytes; undefined where it cannot be read (not Linux, or the process is gone). */
export async function residentBytes(pid: number): Promise<number | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'latin1');
    const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

/** A clock that runs while a worker owes its parent a sign of life. */
export class StallClock {
  #lastSign = performance.now();
  #held = 0;

  /** The worker gave a sign of life. */
  reset(): void {
    this.#lastSign = performance.now();
  }

  /** While the parent itself is the slow one, the clock stands. */
  async standWhile(work: () => void | Promise<void>): Promise<void> {
    this.#held += 1;
    try {
      await work();
    } finally {
      this.#held -= 1;
      this.reset();
    }
  }

  get seconds(): number {
    return this.#held > 0 ? 0 : (performance.now() - this.#lastSign) / 1000;
  }
}

export interface WatchedLimits {
  readonly pid: number;
  readonly memoryLimitBytes: number;
  readonly stallSeconds: number;
  readonly clock: StallClock;
}

/** Resolves with the limit that was broken, or with undefined when `signal` ends the watch first. */
export async function watchLimits(
  limits: WatchedLimits,
  signal: AbortSignal,
): Promise<BrokenLimit | undefined> {
  let previous = performance.now();
  try {
    for await (const _ of setInterval(checkEveryMs, undefined, { signal, ref: false })) {
      const now = performance.now();
      // A late tick means that this process was itself suspended (Ctrl-Z, a sleeping laptop): no fault of the worker.
      if (now - previous > 8 * checkEveryMs) limits.clock.reset();
      previous = now;
      if (limits.clock.seconds > limits.stallSeconds) return 'stall';
      const resident = await residentBytes(limits.pid);
      if (resident !== undefined && resident > limits.memoryLimitBytes) return 'memory';
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return undefined;
}
