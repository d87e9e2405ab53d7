import { setTimeout as wait } from 'node:timers/promises';
import { TidewaiterError } from '../../core/errors.ts';
import type { Postmaster } from './postmaster.ts';

/** A server that dies more often than this within the time is given up. */
const MOST_DEATHS = 5;
const WINDOW_MILLISECONDS = 5 * 60_000;

export interface SuperviseOptions {
  readonly start: (abort: AbortSignal) => Promise<Postmaster>;
  readonly log: (line: string) => void;
  /** Told when it died too often. */
  readonly onFailed: (error: TidewaiterError) => void;
}

/** A server that is kept running. */
export interface Supervisor {
  pid(): number;
  stop(): Promise<void>;
}

/** Keeps a server running: one that ends by itself is started again, more slowly each time. */
export function supervise(first: Postmaster, { start, log, onFailed }: SuperviseOptions): Supervisor {
  const stopping = new AbortController();
  let server = first;

  async function keepRunning(): Promise<void> {
    const deaths: number[] = [];
    for (let how = await server.gone; !stopping.signal.aborted;) {
      const now = performance.now();
      deaths.splice(0, deaths.length, ...deaths.filter((then) => now - then < WINDOW_MILLISECONDS), now);
      if (deaths.length > MOST_DEATHS) return onFailed(tooOften(how));
      log(`PostgreSQL ended by itself (${how}); it is started again`);
      await pause(deaths.length);
      try {
        server = await start(stopping.signal);
        if (stopping.signal.aborted) await server.stop();
        else log('PostgreSQL runs again');
        how = await server.gone;
      } catch (error) {
        how = error instanceof Error ? error.message : String(error);
      }
    }
  }

  /** None after the first death, then 0.5, 1, 2, 4 seconds. */
  async function pause(deaths: number): Promise<void> {
    const milliseconds = deaths === 1 ? 0 : 250 * 2 ** (deaths - 1);
    await wait(milliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);
  }

  const kept = keepRunning();
  return {
    pid: () => server.pid,
    stop: async () => {
      stopping.abort();
      await server.stop();
      await kept;
    },
  };
}

function tooOften(how: string): TidewaiterError {
  return new TidewaiterError(
    'E_DATABASE_START',
    `PostgreSQL ended ${MOST_DEATHS + 1} times in a short while, the last time with: ${how}`,
    'Look at what it says, above all for a full disk and memory, and start again; the data is left as it is.',
  );
}
