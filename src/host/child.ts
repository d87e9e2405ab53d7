import { toErrorReport, TidewaiterError } from '../core/errors.ts';
import type { SignedPermit } from '../core/permit.ts';
import { dieWithParent } from './parent-watch.ts';
import type { ToChild, ToParent } from './wire.ts';

/** What a worker may do besides working. */
export interface ChildContext<Message, Update = unknown> {
  /** Sends and forgets; for progress, where only the newest counts. */
  send(message: Message): void;
  /**
   * Sends and resolves when the parent has dealt with it; for results that may be many, so that none pile up.
   * Rejects with the reason of `signal` when that is aborted.
   */
  deliver(message: Message): Promise<void>;
  /** Aborted by a cancel and when the parent is gone: clean up and return or throw within a second. */
  readonly signal: AbortSignal;
  /** What the parent told last since the start; undefined when it told nothing. */
  newest(): Update | undefined;
  /** The newest lease, for a worker that runs under one. */
  readonly lease?: () => Promise<SignedPermit>;
}

/**
 * Makes this module a worker for `runChild`: does the work once, answers with its result or its error, and exits.
 * Call it once, at the end of the entry module.
 */
export function serveChild<Params, Result, Message = unknown, Update = unknown>(
  work: (params: Params, context: ChildContext<Message, Update>) => Promise<Result>,
): void {
  if (process.send === undefined) throw new Error('This module is a worker: it is started by runChild.');
  const cancelled = new AbortController();
  const deliveries = new Deliveries<Message>(cancelled.signal);
  const leaseKey = process.argv[3];
  const first = Promise.withResolvers<SignedPermit>();
  let newest: SignedPermit | undefined;
  let update: Update | undefined;
  dieWithParent(
    () => cancelled.abort(),
    leaseKey === undefined ? undefined : Buffer.from(leaseKey, 'base64').toString('utf8'),
    (lease) => {
      newest = lease;
      first.resolve(lease);
    },
  );
  // A Ctrl-C in the terminal reaches the whole process group; what it means is for the parent to say.
  process.on('SIGINT', () => undefined).on('SIGTERM', () => undefined);
  process.on('uncaughtException', (error) => leave({ type: 'error', error: report(error) }));
  process.on('message', (heard) => {
    const told = heard as ToChild;
    if (told.type === 'cancel') cancelled.abort();
    else if (told.type === 'handled') deliveries.settle(told.delivery);
    else if (told.type === 'update') update = told.update as Update;
    else {
      const context = {
        send: (message: Message) => say({ type: 'message', message }),
        deliver: (message: Message) => deliveries.send(message),
        signal: cancelled.signal,
        newest: () => update,
        ...(leaseKey === undefined ? {} : { lease: async () => newest ?? (await first.promise) }),
      };
      work(told.params as Params, context).then(
        (result) => leave({ type: 'result', result }),
        (error: unknown) => leave({ type: 'error', error: report(error) }),
      );
    }
  });
}

/** Messages that wait for the parent to have dealt with them. */
class Deliveries<Message> {
  #count = 0;
  readonly #cancelled: AbortSignal;
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>();

  constructor(cancelled: AbortSignal) {
    this.#cancelled = cancelled;
    cancelled.addEventListener('abort', () => {
      for (const waiting of this.#waiting.values()) waiting.reject(cancelled.reason);
    });
  }

  async send(message: Message): Promise<void> {
    this.#cancelled.throwIfAborted();
    this.#count += 1;
    const delivery = this.#count;
    const waiting = Promise.withResolvers<void>();
    this.#waiting.set(delivery, waiting);
    say({ type: 'message', message, delivery });
    await waiting.promise;
  }

  settle(delivery: number): void {
    this.#waiting.get(delivery)?.resolve();
    this.#waiting.delete(delivery);
  }
}

function say(said: ToParent, then: () => void = () => undefined): void {
  if (process.connected) process.send?.(said, undefined, undefined, then);
  else then();
}

/** Says the last thing and exits, whatever handles are still open. */
function leave(said: ToParent): void {
  say(said, () => process.exit(said.type === 'result' ? 0 : 1));
}

function report(error: unknown): ReturnType<typeof toErrorReport> {
  // The report crosses without its stack; standard error keeps it for whoever debugs.
  if (!(error instanceof TidewaiterError)) process.stderr.write(`${describe(error)}\n`);
  return toErrorReport(error);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
