import type { PixelBox, Size } from '../../core/box.ts';
import type { ModelReference } from '../../core/observation.ts';
import type { Seconds } from '../../core/time.ts';
import { runChild } from '../../host/run-child.ts';
import type { EngineOptions } from '../../host/engine-options.ts';
import type { PermitSource } from '../../host/permit-source.ts';
import type { LiveAddress } from '../../media/live/address.ts';
import type { Fragment, StreamHead } from '../../media/live/fragment.ts';
import type { LiveState } from '../../media/live/state.ts';
import type { PictureHealth } from '../../vision/motion/health.ts';
import type { Alert, Incident } from './alert.ts';
import type { TrackBatch } from './back-test/track-batch.ts';
import type { Calendar } from './calendar/calendar.ts';
import type { LiveMessage, LiveTask } from './live-messages.ts';
import type { CameraFile } from './site/schema.ts';

/** A camera to watch until its signal ends it. Plain data. */
export interface CameraTask {
  readonly source: LiveAddress;
  /** A second stream of the same camera in low resolution: it is looked at, and `source` only copied. */
  readonly detect?: LiveAddress;
  readonly camera: CameraFile;
  readonly calendar: Calendar;
  readonly engine: EngineOptions;
  /** Windows for each frame. */
  readonly budget: number;
  /** Pictures for {@link CameraHandlers.onFrame}: at most so many a second, so wide. */
  readonly frames?: { readonly perSecond: number; readonly width: number };
}

/** A picture of a camera: privacy zones are black, nothing else is hidden. */
export interface Snapshot extends Size {
  readonly jpeg: Uint8Array;
}

/** A picture for masked views, with what must be masked in it: pixels of this picture. */
export interface CameraFrame extends Snapshot {
  readonly time: Seconds;
  /** Wall time of its arrival, milliseconds since 1970. */
  readonly at: number;
  readonly things: readonly { readonly class: string; readonly box: PixelBox }[];
}

/** A small picture in which people, vehicles and all that moves are plain areas. */
export interface MaskedFrame extends Snapshot {
  /** Wall time of its arrival, milliseconds since 1970. */
  readonly at: number;
}

/** What the picture, or the worker that looks at it, suffers from, and since when. Told when it changes. */
export interface CameraHealth {
  /**
   * - `out-of-time`: the camera's clock is off, or its time stamps do not advance as time does. It still sees.
   * - `slow`: frames come so fast, or the machine is so busy, that frames had to be left out for some seconds.
   */
  readonly state: PictureHealth['state'] | 'out-of-time' | 'slow';
  /** Milliseconds since 1970. */
  readonly since: number;
  /** For `slow`: share of frames that were left out in the last seconds, 0 to 1. */
  readonly leftOut?: number;
  /** For `out-of-time`: seconds that the camera's clock is ahead (behind: below 0), where it tells the time. */
  readonly off?: Seconds;
}

/** How the watch of a camera goes. Counts are those since it began. */
export interface CameraFigures {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Frames that were looked at, and that were left out because a newer one had come. */
  readonly frames: number;
  readonly dropped: number;
  readonly reconnects: number;
  /** From the arrival of the newest frame until it was looked at. */
  readonly latency: Seconds;
  /** Of the oldest message that waits for whoever is told, and 0 when none waits. */
  readonly queueAge: Seconds;
  /** Seconds that the camera's clock is ahead (behind: below 0), where it tells the time. */
  readonly off?: Seconds;
}

/** What a watched camera tells, in order; the next waits for the promise of the one before. */
export interface CameraHandlers {
  /** Called once the worker runs, with what tells it other hours: they count from the next frame on. */
  readonly onStarted?: (keepTo: (calendar: Calendar) => void) => void;
  /** Ends the watch; the promise of {@link watchCamera} then resolves with its summary. */
  readonly signal: AbortSignal;
  /** With the picture on which the rule fired, at most 1280 wide, and the same masked; suppressed alerts too. */
  readonly onAlert?: (alert: Alert, snapshot: Snapshot, masked?: Snapshot) => void | Promise<void>;
  /** What was followed, about once a minute, and when the watch ends: rules can be run over it again. */
  readonly onTracks?: (batch: TrackBatch) => void | Promise<void>;
  readonly onIncident?: (incident: Incident) => void | Promise<void>;
  readonly onState?: (state: LiveState) => void | Promise<void>;
  readonly onHealth?: (health: CameraHealth) => void | Promise<void>;
  /** Each second, whatever the camera does; none is waited for. */
  readonly onFigures?: (figures: CameraFigures) => void;
  /**
   * The camera's own stream, copied: a head, then fragments, and a new head whenever the stream was opened again.
   * Fragments cross the process only when `onFragment` is given. Codecs other than H.264 and H.265 give none. Of a
   * camera with privacy zones it is not a copy: the frames that are looked at are made black there and encoded again.
   */
  readonly onHead?: (head: StreamHead) => void | Promise<void>;
  readonly onFragment?: (fragment: Fragment) => void | Promise<void>;
  /** Needs {@link CameraTask.frames}. */
  readonly onFrame?: (frame: CameraFrame) => void | Promise<void>;
  /**
   * What may be seen without a reason: pictures, at most 480 wide, five a second while what is covered changes and one
   * while it does not; and the same as a stream. Nothing of it is made unless `onMasked` is given.
   */
  readonly onMasked?: (frame: MaskedFrame) => void | Promise<void>;
  readonly onMaskedHead?: (head: StreamHead) => void | Promise<void>;
  readonly onMaskedFragment?: (fragment: Fragment) => void | Promise<void>;
  /** What the models run under, on a platform: the worker lives no longer than that is renewed. */
  readonly permit?: PermitSource;
}

/** What a watch came to. */
export interface CameraSummary {
  /** Frames that were looked at. */
  readonly frames: number;
  /** Frames left out because a newer one had come. */
  readonly skipped: number;
  /** How long the watch ran, and how long pictures arrived. */
  readonly seconds: Seconds;
  readonly live: Seconds;
  readonly reconnects: number;
  readonly missedPlaces: number;
  readonly model: ModelReference & { readonly threshold: number };
  readonly stamp?: string;
}

const memoryLimitBytes = 1_500_000_000;
/** The worker gives a sign of life every second, whatever its camera does. */
const stallSeconds = 60;

/**
 * Watches a camera in a worker of its own until the signal ends it. What becomes of the camera is told by `onState` and
 * `onHealth` and ends nothing; handlers should be quick, as fragments that pile up are left out.
 * @throws TidewaiterError what the permit or the model refuses, and what became of the worker; what a handler threw.
 */
export async function watchCamera(task: CameraTask, handlers: CameraHandlers): Promise<CameraSummary> {
  const { signal, onStarted, onHead, onFragment, onMasked, permit } = handlers;
  const wants = {
    heads: onHead !== undefined,
    fragments: onFragment !== undefined,
    masked: onMasked !== undefined,
  };
  return runChild<LiveTask, CameraSummary, LiveMessage, Calendar>({
    entry: new URL('./live-worker.ts', import.meta.url),
    params: { ...task, wants },
    memoryLimitBytes,
    stallSeconds,
    onMessage: (message) => hand(message, handlers),
    signal,
    ...(onStarted === undefined ? {} : { onStarted }),
    ...(permit === undefined ? {} : { permit }),
  });
}

function hand(message: LiveMessage, handlers: CameraHandlers): void | Promise<void> {
  switch (message.type) {
    case 'alert':
      return handlers.onAlert?.(message.alert, message.snapshot, message.masked);
    case 'tracks':
      return handlers.onTracks?.(message.batch);
    case 'incident':
      return handlers.onIncident?.(message.incident);
    case 'state':
      return handlers.onState?.(message.state);
    case 'health':
      return handlers.onHealth?.(message.health);
    case 'head':
      return handlers.onHead?.(message.head);
    case 'fragment':
      return handlers.onFragment?.(message.fragment);
    case 'frame':
      return handlers.onFrame?.(message.frame);
    case 'masked':
      return handlers.onMasked?.(message.frame);
    case 'masked-head':
      return handlers.onMaskedHead?.(message.head);
    case 'masked-fragment':
      return handlers.onMaskedFragment?.(message.fragment);
    case 'figures':
      return handlers.onFigures?.(message.figures);
  }
}
