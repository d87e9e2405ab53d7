import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { fromErrorReport, type TidewaiterError } from '../core/errors.ts';
import { Conversation } from './conversation.ts';
import { cancelled, deathError, type ChildEnd } from './death.ts';
import { workerEnvironment } from './environment.ts';
import { StallClock, watchLimits } from './limits.ts';
import { OutputTail } from './output-tail.ts';
import { LEASE_FD } from './parent-watch.ts';
import type { PermitSource } from './permit-source.ts';
import { keepLeased } from './renewal.ts';

/** Time a worker has to end by itself after a cancel, and to leave after its result. */
const graceMs = 3000;

export interface RunChildOptions<Params, Message, Update = unknown> {
  /** Module that calls `serveChild`: `new URL('./worker.ts', import.meta.url)`. In the package the .js beside it is used. */
  readonly entry: URL;
  /** Sent by structured clone; trusted, as the parent made it. */
  readonly params: Params;
  /** Called for each message in order, the next only when the promise of the one before has resolved. */
  readonly onMessage?: (message: Message) => void | Promise<void>;
  /** Called once the worker runs, with what tells it that something changed: `ChildContext.newest` gives the last. */
  readonly onStarted?: (tell: (update: Update) => void) => void;
  /** Cancels: the worker is asked to stop, and killed 3 seconds later. */
  readonly signal?: AbortSignal;
  /** Resident memory above which the worker is killed (looked at every 250 ms, on Linux); bounds its JavaScript heap too. */
  readonly memoryLimitBytes: number;
  /** A worker that sends nothing for this long is taken for hung and killed. */
  readonly stallSeconds: number;
  /** Further options for Node. */
  readonly execArgv?: readonly string[];
  /** What its models run under: the worker lives no longer than that is renewed. */
  readonly permit?: PermitSource;
}

/**
 * Runs a module in a forked worker. Settles only after the worker has gone. The worker sees a reduced environment and
 * goes with this process, however that ends.
 * @throws TidewaiterError what the worker threw, or `E_CANCELLED`, `E_STALLED`, `E_WORKER_MEMORY`, `E_WORKER_DIED`,
 *   `E_PERMIT_STORE` or why its permit no longer holds; what the
 *   worker printed last (at most 8 KB) is its `cause`. What `onMessage` threw is passed on as it is.
 */
export async function runChild<Params, Result, Message = unknown, Update = unknown>(
  options: RunChildOptions<Params, Message, Update>,
): Promise<Result> {
  if (stopped(options.signal)) throw cancelled();
  const { permit: source } = options;
  const lease = await source?.renew();
  const child = forkEntry(options, lease?.kind === 'signed' ? source?.publicKey : undefined);
  const gone = new AbortController();
  const ended = end(child).finally(() => gone.abort());
  const tail = new OutputTail(child.stdout, child.stderr);
  const clock = new StallClock();
  const leaveSoon = (): void => killAfterGrace(child, gone.signal);
  const cancel = (): void => {
    conversation.tell({ type: 'cancel' });
    leaveSoon();
  };
  const conversation: Conversation<Message> = new Conversation(child, clock, options.onMessage, (outcome) =>
    outcome.type === 'receiver-failed' ? cancel() : leaveSoon(),
  );
  const watched = watchLimits({ ...options, pid: child.pid ?? 0, clock }, gone.signal).then((limit) => {
    if (limit !== undefined) child.kill('SIGKILL');
    return limit;
  });
  const leased =
    source === undefined || lease === undefined
      ? undefined
      : keepLeased(source, lease, child.stdio[LEASE_FD] as Writable, gone.signal).then((refusal) => {
          if (refusal !== undefined) child.kill('SIGKILL');
          return refusal;
        });
  options.signal?.addEventListener('abort', cancel, { once: true });
  conversation.tell({ type: 'start', params: options.params });
  options.onStarted?.((update) => conversation.tell({ type: 'update', update }));

  const [childEnd, limit] = await Promise.all([ended, watched]);
  options.signal?.removeEventListener('abort', cancel);
  const outcome = await conversation.outcome();
  if (outcome?.type === 'result') return outcome.result as Result;
  if (outcome?.type === 'receiver-failed') throw outcome.error;
  const refusal = await leased;
  if (refusal !== undefined) throw refusal;
  if (stopped(options.signal) || childEnd.signal === 'SIGINT') throw cancelled();
  if (outcome?.type === 'error') throw withLastWords(fromErrorReport(outcome.error), tail);
  throw withLastWords(deathError(childEnd, limit, options, tail.lastWords), tail);
}

function stopped(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function forkEntry(
  {
    entry,
    memoryLimitBytes,
    execArgv = [],
  }: Pick<RunChildOptions<unknown, unknown>, 'entry' | 'memoryLimitBytes' | 'execArgv'>,
  leaseKey: string | undefined,
): ChildProcess {
  // Node runs a clone's .ts directly but refuses .ts in an installed package, where every module is .js.
  const path = fileURLToPath(entry);
  const runnable = import.meta.url.endsWith('.js') ? path.replace(/\.ts$/, '.js') : path;
  const key = leaseKey === undefined ? [] : [Buffer.from(leaseKey).toString('base64')];
  return fork(runnable, [String(process.pid), ...key], {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
    env: workerEnvironment(process.env),
    execArgv: [`--max-old-space-size=${Math.max(16, Math.floor(memoryLimitBytes / 2 ** 20))}`, ...execArgv],
  });
}

/** Resolves when the process is gone and all that it printed and said has been read. */
async function end(child: ChildProcess): Promise<ChildEnd> {
  let failure: Error | undefined;
  child.on('error', (error) => (failure ??= error));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, failure };
}

function killAfterGrace(child: ChildProcess, gone: AbortSignal): void {
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  gone.addEventListener('abort', () => clearTimeout(timer), { once: true });
}

function withLastWords(error: TidewaiterError, tail: OutputTail): TidewaiterError {
  if (tail.text !== '') error.cause = tail.text;
  return error;
}
