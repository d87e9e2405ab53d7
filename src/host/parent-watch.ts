import { Worker } from 'node:worker_threads';
import { LEASE_SECONDS, type SignedPermit } from '../core/permit.ts';
import { watcherSource } from './watcher-source.ts';

/** Time the work has to clean up once the parent is gone. */
const graceMs = 1000;

/** Where a worker hears of leases: beside the three standard streams and the channel for messages. */
export const LEASE_FD = 4;

/**
 * Sees to it that this worker does not outlive its parent or its lease. A closed channel says that the parent is gone, but
 * a main thread that is deep in native code or in a loop never hears it; so a second thread watches the parent's process id.
 * @param onGone called on the main thread, when that can still hear: ask the work to stop.
 * @param leaseKey PEM of the key that leases verify with; undefined for a worker that needs none.
 * @param onLease told of each lease that holds.
 */
export function dieWithParent(
  onGone: () => void,
  leaseKey: string | undefined,
  onLease: (lease: SignedPermit) => void,
): void {
  process.on('disconnect', () => {
    onGone();
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs);
  });
  const watcher = new Worker(watcherSource, {
    eval: true,
    workerData: {
      ...{ parent: Number(process.argv[2]), graceMs },
      ...{ leaseKey, leaseMs: LEASE_SECONDS * 1000, leaseFd: LEASE_FD },
    },
    env: {},
    stdin: false,
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
  });
  watcher.on('message', onLease);
  watcher.unref();
}
