import type { ReportProgress } from '../../core/progress.ts';
import { runChild } from '../../host/run-child.ts';
import type { Alert, Incident } from './alert.ts';
import type { FrameTrace, ReplaySummary, ReplayTask, WorkerMessage } from './tasks.ts';

/** What a replay tells as it goes; the next event waits for the promise of the one before. */
export interface ReplayHooks {
  readonly onAlert?: (alert: Alert) => void | Promise<void>;
  readonly onIncident?: (incident: Incident) => void | Promise<void>;
  /** Called for each frame when the task asks for traces. */
  readonly onTrace?: (trace: FrameTrace) => void;
  readonly onProgress?: ReportProgress;
  readonly signal?: AbortSignal;
}

const memoryLimitBytes = 1_500_000_000;
/** A camera of one frame in several seconds is slow, not hung. */
const stallSeconds = 120;

/**
 * Plays a file into a camera slot, in a worker of its own.
 * @throws TidewaiterError what cannot be opened or read, and what became of the worker.
 */
export async function replayFile(task: ReplayTask, hooks: ReplayHooks = {}): Promise<ReplaySummary> {
  return runChild<ReplayTask, ReplaySummary, WorkerMessage>({
    entry: new URL('./worker.ts', import.meta.url),
    params: task,
    memoryLimitBytes,
    stallSeconds,
    onMessage: (message) => {
      switch (message.type) {
        case 'progress':
          return hooks.onProgress?.(message.progress);
        case 'alert':
          return hooks.onAlert?.(message.alert);
        case 'incident':
          return hooks.onIncident?.(message.incident);
        case 'trace':
          return hooks.onTrace?.(message.trace);
      }
    },
    ...(hooks.signal === undefined ? {} : { signal: hooks.signal }),
  });
}
