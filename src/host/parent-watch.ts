import { Worker } from 'node:worker_threads';

/** Time the work has to clean up once the parent is gone. */
const graceMs = 1000;

/**
 * Sees to it that this worker does not outlive its parent. A closed channel says that the parent is gone, but a main
 * thread that is deep in native code or in a loop never hears it; so a second thread watches the parent's process id.
 * It is plain JavaScript in a string because a file of its own would load the TypeScript stripper once more (20 MB).
 * @param onGone called on the main thread, when that can still hear: ask the work to stop.
 */
export function dieWithParent(onGone: () => void): void {
  process.on('disconnect', () => {
    onGone();
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs);
  });
  const watcher = new Worker(watcherSource, {
    eval: true,
    workerData: { parent: Number(process.argv[2]), graceMs },
    env: {},
    stdin: false,
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
  });
  watcher.unref();
}

const watcherSource = `
const { parent, graceMs } = require('node:worker_threads').workerData;
setInterval(() => {
  if (process.ppid === parent) return;
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs);
}, 250);
`;
