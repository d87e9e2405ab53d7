import { runChild } from '../../../host/run-child.ts';
import type { FoundCamera, Stream } from './discover.ts';

/** Where cameras are looked for. */
export interface FindTask {
  /** Seconds to wait for answers. */
  readonly timeout: number;
  /** Names of networks; undefined is the default route's. */
  readonly networks: readonly (string | undefined)[];
  /** Streams are asked for with these only. */
  readonly credentials?: { readonly user: string; readonly password: string };
}

/** A camera that answered, and what it told of its streams. */
export interface AskedCamera extends FoundCamera {
  readonly streams: readonly Stream[];
  /** Why its streams are not known. */
  readonly problem?: string;
}

/**
 * Asks networks for cameras in a worker: what answers there is anybody's, and a cancel need not wait for it.
 * @throws TidewaiterError `E_DISCOVER` when no network can be asked, and those of `runChild`.
 */
export async function findCameras(task: FindTask, signal?: AbortSignal): Promise<readonly AskedCamera[]> {
  return runChild({
    entry: new URL('./worker.ts', import.meta.url),
    params: task,
    memoryLimitBytes: 512 * 2 ** 20,
    // A camera that answers each question at its last moment.
    stallSeconds: task.timeout + 120,
    ...(signal === undefined ? {} : { signal }),
  });
}
