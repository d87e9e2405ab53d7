import { runChild } from '../../../host/run-child.ts';
import type { LiveMessage } from '../live-messages.ts';
import type { CameraHandlers, CameraTask } from '../live.ts';

/** A clip to be played as if a camera saw it. Plain data. */
export interface ClipTask extends Pick<CameraTask, 'camera' | 'calendar' | 'engine' | 'budget'> {
  readonly file: string;
  /** Stream time of its first frame, seconds. */
  readonly time: number;
}

/** Plays a clip to its end: {@link playClip}, or a script in its place. */
export type PlayClip = (task: ClipTask, handlers: CameraHandlers) => Promise<unknown>;

const memoryLimitBytes = 1_500_000_000;
const stallSeconds = 60;

/**
 * Plays a clip in real time in a worker of its own, through the detector, tracker, rules and calendar of a camera. Tells by
 * `onState` when the first frame is due.
 * @throws TidewaiterError what cannot be opened, what the permit or the model refuses, and what became of the worker.
 */
export async function playClip(task: ClipTask, handlers: CameraHandlers): Promise<void> {
  await runChild<ClipTask, null, LiveMessage>({
    entry: new URL('./worker.ts', import.meta.url),
    ...{ params: task, memoryLimitBytes, stallSeconds, signal: handlers.signal },
    ...(handlers.permit === undefined ? {} : { permit: handlers.permit }),
    onMessage: (message) => {
      switch (message.type) {
        case 'state':
          return handlers.onState?.(message.state);
        case 'alert':
          return handlers.onAlert?.(message.alert, message.snapshot, message.masked);
        case 'incident':
          return handlers.onIncident?.(message.incident);
        case 'head':
          return handlers.onHead?.(message.head);
        case 'fragment':
          return handlers.onFragment?.(message.fragment);
        case 'masked-head':
          return handlers.onMaskedHead?.(message.head);
        case 'masked-fragment':
          return handlers.onMaskedFragment?.(message.fragment);
        default:
          return undefined;
      }
    },
  });
}
