import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { MutantAnswer, MutantTask } from './messages.ts';

export type MutantOutcome = MutantAnswer['outcome'] | 'crash' | 'hang';

/** What became of one damaged file. */
export interface MutantResult {
  readonly outcome: MutantOutcome;
  readonly said: string;
  /** Memory of the worker afterwards, bytes; absent when it is gone. */
  readonly rss?: number;
}

/** One process that redacts damaged files; another takes its place only when it crashed or hung. */
export class MutantWorker {
  readonly #seconds: number;
  #child: ChildProcess | undefined;

  /** @param seconds after which a file is taken to hang the worker. */
  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  async redact(task: MutantTask): Promise<MutantResult> {
    const child = (this.#child ??= await start());
    const ended = Promise.withResolvers<MutantResult>();
    const answered = (answer: unknown): void => ended.resolve(answer as MutantAnswer);
    const gone = (code: number | null, signal: string | null): void =>
      ended.resolve({ outcome: 'crash', said: signal ?? `exit code ${code}` });
    const late = (): void => ended.resolve({ outcome: 'hang', said: 'HANG' });
    child.once('message', answered).once('exit', gone);
    const timer = setTimeout(late, this.#seconds * 1000);
    child.send(task);
    const result = await ended.promise;
    clearTimeout(timer);
    child.off('message', answered).off('exit', gone);
    if (result.outcome === 'crash' || result.outcome === 'hang') await this[Symbol.asyncDispose]();
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
}

async function start(): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  await once(child, 'message');
  return child;
}
