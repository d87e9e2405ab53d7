import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { TidewaiterError } from '../core/errors.ts';
import type { Doorkeeper } from '../platform/http/register.ts';
import type { Route } from '../platform/http/route.ts';
import type { Database } from '../platform/store/database.ts';

/** A database that says nothing for this long is taken for gone. It has to answer less than a row. */
const SILENT_MS = 5_000;
const BEAT_MS = 1_000;

/**
 * Notices a database that neither answers nor refuses: one that was stopped, or whose disk or network hangs. Who waits for it is
 * told so, and who comes is told at once, until it answers again.
 */
export class DatabaseWatch {
  readonly #waiting = new Set<(error: TidewaiterError) => void>();
  #gone = false;

  /** Watches until the signal. */
  async watch(db: Database, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const asked = sql`select 1`.execute(db).then(
        () => 'answer' as const,
        () => 'refusal' as const,
      );
      const said = await Promise.race([asked, silence(signal)]);
      if (said === 'answer') this.#gone = false;
      // Of a refusal each request tells by itself.
      if (said === 'silence' && !signal.aborted) {
        this.#gone = true;
        for (const tell of this.#waiting) tell(unavailable());
        if ((await asked) === 'answer') this.#gone = false;
      }
      await sleep(BEAT_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** The route, whose callers do not wait for a database that is gone. */
  guard(route: Route): Route {
    const { access, handle } = route;
    const guarded: Route = { ...route, handle: (call) => this.orGone(() => handle(call)) };
    if (access.kind !== 'role' || typeof access.at !== 'function') return guarded;
    const { at } = access;
    return { ...guarded, access: { ...access, at: (call) => this.orGone(() => at(call)) } };
  }

  /** The same for the door, which asks who somebody is. */
  guardDoor(door: Doorkeeper): Doorkeeper {
    return {
      ...door,
      identify: (request) => this.orGone(() => door.identify(request)),
      refused: (refusal) => this.orGone(() => door.refused(refusal)),
    };
  }

  /** @throws TidewaiterError `E_UNAVAILABLE` when the database is gone, or goes before the work is done. */
  async orGone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#gone) throw unavailable();
    const { promise, reject } = Promise.withResolvers<never>();
    this.#waiting.add(reject);
    try {
      return await Promise.race([work(), promise]);
    } finally {
      this.#waiting.delete(reject);
    }
  }
}

async function silence(signal: AbortSignal): Promise<'silence'> {
  await sleep(SILENT_MS, undefined, { signal, ref: false }).catch(() => undefined);
  return 'silence';
}

function unavailable(): TidewaiterError {
  return new TidewaiterError(
    'E_UNAVAILABLE',
    'The database does not answer at the moment',
    'Try again in a minute, and see first whether what you asked for was done.',
  );
}
