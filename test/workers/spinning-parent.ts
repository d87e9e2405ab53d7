import { runChild } from '../../src/host/run-child.ts';
import type { Trick } from './tricks.ts';

/** Starts a worker that never yields, prints the worker's process id, and waits to be killed. */
await runChild<Trick, never, number>({
  entry: new URL('./tricks.ts', import.meta.url),
  params: { trick: 'spin' },
  memoryLimitBytes: 512 << 20,
  stallSeconds: 600,
  onMessage: (pid) => void process.stdout.write(`${pid}\n`),
});
