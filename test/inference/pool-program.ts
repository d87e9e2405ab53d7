import { join } from 'node:path';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { toErrorReport } from '../../src/core/errors.ts';
import { evaluationPermit } from '../../src/core/permit.ts';
import { InferencePool } from '../../src/vision/inference-pool.ts';

/** Programs with a pool of one thread, told by `mode`; each writes what came out of it as JSON and must then end. */
const [mode, userDir] = isMainThread ? process.argv.slice(2) : (workerData as string[]);
if (userDir === undefined) throw new Error('usage: pool-program.ts MODE FOLDER');

async function outcome(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'found',
    (error: unknown) => toErrorReport(error).code,
  );
}

async function startPool(folder: string): Promise<InferencePool> {
  return InferencePool.start({
    models: [{ id: 'brightness', threshold: 0.5 }],
    permit: evaluationPermit,
    now: new Date(0),
    use: 'redaction',
    cacheDir: join(folder, 'cache'),
    userDir: folder,
    threads: 1,
  });
}

if (mode === 'thread') {
  const thread = new Worker(new URL(import.meta.url), { workerData: ['owner', userDir] });
  await new Promise((resolve) => thread.once('message', resolve));
  await thread.terminate();
  process.stdout.write(JSON.stringify({ thread: 'ended' }));
} else {
  const pool = await startPool(userDir);
  const { width, height } = pool.card('brightness').input;
  const look = (): Promise<string> =>
    outcome(pool.detect('brightness', { width, height, data: new Uint8Array(width * height * 3).fill(200) }));
  if (mode === 'owner') {
    await look();
    parentPort?.postMessage('busy');
    for (;;) await look();
  }
  const calls = await Promise.all(Array.from({ length: mode === 'many' ? 6 : 1 }, look));
  if (mode === 'forget') {
    process.stdout.write(JSON.stringify({ calls }));
  } else {
    const later = await look();
    const ready = await outcome(pool.ready());
    await pool.close();
    process.stdout.write(JSON.stringify({ calls, later, ready }));
  }
}
