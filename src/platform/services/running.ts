import { TidewaiterError } from '../../core/errors.ts';
import { latest } from '../jobs/latest.ts';
import { checkSettings, type ServiceKind } from './kind.ts';
import type { Leased } from './leases.ts';

const NOTE_MS = 500;

/** Why a run ended that nobody had told to. */
export interface Fault {
  readonly error: unknown;
}

/** A service that runs in this process, or is ending. */
export class Running {
  readonly leased: Leased;
  /** Settles when the run has ended: with the fault it ended of, or nothing if it was told to. */
  readonly ended: Promise<Fault | undefined>;
  readonly #abort = new AbortController();
  #deadline: NodeJS.Timeout | undefined;
  #over = false;

  /**
   * Begins to run it.
   * @param trustedUntil on the clock of `performance.now()`: it is stopped then, unless {@link trust} moves it.
   */
  constructor(
    leased: Leased,
    kind: ServiceKind,
    trustedUntil: number,
    tell: (note: string) => Promise<void>,
  ) {
    this.leased = leased;
    this.trust(trustedUntil);
    this.ended = this.#run(kind, tell);
  }

  /** Aborted when it was told to end. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Lets it run until then without another answer of the database. */
  trust(until: number): void {
    clearTimeout(this.#deadline);
    if (this.#over) return;
    this.#deadline = setTimeout(() => this.end(lost()), Math.max(0, until - performance.now()));
  }

  end(reason: TidewaiterError): void {
    this.#abort.abort(reason);
  }

  async #run(kind: ServiceKind, tell: (note: string) => Promise<void>): Promise<Fault | undefined> {
    const { id, siteId, generation, settings } = this.leased;
    const { signal } = this.#abort;
    const notes = latest(NOTE_MS, tell);
    try {
      await kind.run(
        { id, siteId, settings: checkSettings(kind, settings) },
        { signal, generation, tell: (note) => notes.put(JSON.stringify(note)) },
      );
      return signal.aborted ? undefined : { error: endedByItself() };
    } catch (error) {
      return signal.aborted ? undefined : { error };
    } finally {
      this.#over = true;
      clearTimeout(this.#deadline);
      await notes.end();
    }
  }
}

export function lost(): TidewaiterError {
  return new TidewaiterError(
    'E_SERVICE_LOST',
    'The lease of this service is lost, or the database did not answer in time to know',
    'Nothing: another process takes it over, or this one takes it up again.',
  );
}

/** @param why a sentence's beginning: `The service was stopped`. */
export function toldToEnd(why: string): TidewaiterError {
  return new TidewaiterError('E_SERVICE_STOPPED', why, 'Nothing: it is started again if it is wanted.');
}

function endedByItself(): TidewaiterError {
  return new TidewaiterError(
    'E_SERVICE_ENDED',
    'The service ended, although nobody stopped it',
    'It is started again by itself. If it happens often, look into the log of the server.',
  );
}
