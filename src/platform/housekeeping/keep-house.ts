import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TidewaiterError } from '../../core/errors.ts';
import type { Database } from '../store/database.ts';
import { reportFault } from '../store/faults.ts';
import type { Chore } from './chore.ts';
import { ChoreRows } from './chore-rows.ts';

export interface KeepHouseOptions {
  readonly db: Database;
  readonly chores: readonly Chore[];
  /** Aborted to stop. What runs is broken off and stays due. */
  readonly signal: AbortSignal;
  /** Told of a chore that failed, by its name, or of `housekeeping` as a whole when the database does not answer. It goes on by itself. */
  readonly onError: (what: string, error: unknown) => void;
  /** For tests, which cannot wait. */
  readonly times?: { readonly lookMs: number; readonly leaseMs: number };
}

/** How often it is looked for what is due; and after what time a chore of a process that died is taken over. */
const usual = { lookMs: 10_000, leaseMs: 60_000 };

/**
 * Does chores as they become due, until it is told to stop. Any number of processes do so on one database; each chore is
 * done by one of them at a time. They run side by side, so that none waits for one that takes long or hangs.
 */
export async function keepHouse(options: KeepHouseOptions): Promise<void> {
  const { db, chores, signal, onError, times: { lookMs, leaseMs } = usual } = options;
  const rows = new ChoreRows(db, randomUUID(), leaseMs / 1000);
  const byName = new Map(chores.map((chore) => [chore.name, chore]));
  const running = new Map<string, Promise<void>>();
  let announced = false;
  while (!signal.aborted) {
    let taken: string | undefined;
    try {
      if (!announced) await rows.announce(chores);
      announced = true;
      taken = await rows.take([...byName.keys()].filter((name) => !running.has(name)));
    } catch (error) {
      onError('housekeeping', error);
    }
    const chore = byName.get(taken ?? '');
    if (chore === undefined) await sleep(lookMs, undefined, { signal }).catch(() => undefined);
    else
      running.set(
        chore.name,
        attend(chore, rows, options, leaseMs).finally(() => running.delete(chore.name)),
      );
  }
  await Promise.all(running.values());
}

async function attend(
  chore: Chore,
  rows: ChoreRows,
  { signal, onError }: KeepHouseOptions,
  leaseMs: number,
): Promise<void> {
  const { name } = chore;
  const lost = new AbortController();
  const renewing = setInterval(() => {
    rows.renew(name).then(
      (held) => {
        if (!held) lost.abort(takenOver());
      },
      // The database is away; whether the lease is lost shows when it is back.
      () => undefined,
    );
  }, leaseMs / 4);
  try {
    const result = await chore.run(AbortSignal.any([signal, lost.signal]));
    await rows.done(name, result);
  } catch (error) {
    if (!signal.aborted) onError(name, error);
    const told = reportFault(error, 'Look into the log of the server. It is tried again by itself.');
    // Where that fails too, the lease ends by itself.
    await (signal.aborted ? rows.giveBack(name) : rows.failed(name, told)).catch(() => undefined);
  } finally {
    clearInterval(renewing);
  }
}

function takenOver(): TidewaiterError {
  return new TidewaiterError(
    'E_CANCELLED',
    'Another process took this chore over, as this one was not heard of for too long',
    'Nothing: it is being done there.',
  );
}
