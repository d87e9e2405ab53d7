import { parentPort, workerData } from 'node:worker_threads';
import { toErrorReport } from '../core/errors.ts';
import type { Call, PoolMessage, PoolSettings, Results, Work, WorkerMessage } from './inference-protocol.ts';
import { ModelRunner } from './model-runner.ts';

/**
 * The entry of a pool's worker thread. Calls are answered one after the other: a session's input must not change while
 * it runs, and running blocks this thread anyway. Ends when told to close, or with its parent.
 */
const port = parentPort!;
const settings = workerData as PoolSettings;
const runners = new Map<string, Promise<ModelRunner>>();
let closing = false;
let before: Promise<void> = Promise.resolve();

port.on('message', (message: PoolMessage) => {
  if (message.kind === 'close') closing = true;
  // Nothing in `handle` may throw; if it does, the thread dies of it and the pool fails closed.
  before = before.then(() => handle(message));
});

async function handle(message: PoolMessage): Promise<void> {
  if (message.kind === 'close') return close();
  if (closing) return;
  if (message.kind === 'open') return openAll();
  const { call, data } = message;
  try {
    const value = await work(message);
    answer({ kind: 'done', call, data, value }, data);
  } catch (error) {
    answer({ kind: 'failed', call, data, error: toErrorReport(error) }, data);
  }
}

function answer(message: WorkerMessage, data?: Uint8Array<ArrayBuffer>): void {
  port.postMessage(message, data === undefined ? [] : [data.buffer]);
}

async function openAll(): Promise<void> {
  try {
    const cards = [];
    for (const { id } of settings.models) cards.push((await runnerOf(id)).card);
    answer({ kind: 'opened', cards });
  } catch (error) {
    answer({ kind: 'refused', error: toErrorReport(error) });
  }
}

function runnerOf(modelId: string): Promise<ModelRunner> {
  let runner = runners.get(modelId);
  if (runner === undefined) {
    runner = ModelRunner.open(modelId, settings);
    runners.set(modelId, runner);
  }
  return runner;
}

async function work({ work: kind, modelId, options, ...image }: Call): Promise<Results[Work]> {
  const runner = await runnerOf(modelId);
  if (kind === 'detect') return runner.detect(image, options);
  if (kind === 'detectText') return runner.detectText(image, options.threshold);
  return runner.readText(image);
}

async function close(): Promise<void> {
  for (const runner of await Promise.allSettled(runners.values())) {
    if (runner.status === 'fulfilled') await runner.value.close();
  }
  port.close();
}
