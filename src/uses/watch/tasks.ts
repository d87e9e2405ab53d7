import type { PixelBox } from '../../core/box.ts';
import type { Observation, ModelReference } from '../../core/observation.ts';
import type { Progress } from '../../core/progress.ts';
import type { Seconds } from '../../core/time.ts';
import type { Alert, Incident } from './alert.ts';
import type { Calendar } from './calendar/calendar.ts';
import type { EngineOptions } from '../../host/engine-options.ts';
import type { CameraFile } from './site/schema.ts';

/** A file played into a camera slot. */
export interface ReplayTask {
  readonly input: string;
  readonly camera: CameraFile;
  readonly calendar: Calendar;
  readonly engine: EngineOptions;
  /** Wall time of the first frame, milliseconds since 1970. */
  readonly start: number;
  /** Frames per second, where the file's own times are wrong. */
  readonly rate?: number;
  /** Every n-th frame is looked at. */
  readonly every: number;
  /** Frames come when they are due, and are left out when the worker cannot keep up; else one after the other. */
  readonly realTime: boolean;
  /** Windows for each frame. */
  readonly budget: number;
  /** Also deliver what was seen in every frame. */
  readonly trace: boolean;
}

/** What was seen in one frame. */
export interface FrameTrace {
  /** From 0. */
  readonly frame: number;
  readonly time: Seconds;
  readonly observations: readonly Pick<Observation, 'class' | 'box' | 'score'>[];
  readonly tracks: readonly { readonly id: string; readonly class: string; readonly box: PixelBox }[];
}

export type WorkerMessage =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'alert'; readonly alert: Alert }
  | { readonly type: 'incident'; readonly incident: Incident }
  | { readonly type: 'trace'; readonly trace: FrameTrace };

/** What a replay came to. */
export interface ReplaySummary {
  readonly frames: number;
  /** Frames left out because the worker could not keep up. */
  readonly skipped: number;
  readonly seconds: Seconds;
  readonly windowsPerFrame: number;
  /** Places that the budget of windows left out. */
  readonly missedPlaces: number;
  /** CPU milliseconds per frame of the whole worker after the model was opened, decoding included. */
  readonly cpuPerFrame: number;
  readonly picture: { readonly width: number; readonly height: number };
  readonly model: ModelReference & { readonly threshold: number };
  readonly stamp?: string;
}
