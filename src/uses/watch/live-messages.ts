import type { Fragment, StreamHead } from '../../media/live/fragment.ts';
import type { LiveState } from '../../media/live/state.ts';
import type { Alert, Incident } from './alert.ts';
import type { TrackBatch } from './back-test/track-batch.ts';
import type { CameraFigures, CameraFrame, CameraHealth, CameraTask, MaskedFrame, Snapshot } from './live.ts';

/** What the worker of a camera is asked to do. */
export interface LiveTask extends CameraTask {
  /** Whether heads, fragments and what is masked are wanted by the parent. */
  readonly wants: { readonly heads: boolean; readonly fragments: boolean; readonly masked: boolean };
}

/** What the worker of a camera says. */
export type LiveMessage =
  | {
      readonly type: 'alert';
      readonly alert: Alert;
      readonly snapshot: Snapshot;
      readonly masked?: Snapshot;
    }
  | { readonly type: 'tracks'; readonly batch: TrackBatch }
  | { readonly type: 'incident'; readonly incident: Incident }
  | { readonly type: 'state'; readonly state: LiveState }
  | { readonly type: 'health'; readonly health: CameraHealth }
  | { readonly type: 'head'; readonly head: StreamHead }
  | { readonly type: 'fragment'; readonly fragment: Fragment }
  | { readonly type: 'frame'; readonly frame: CameraFrame }
  | { readonly type: 'masked'; readonly frame: MaskedFrame }
  | { readonly type: 'masked-head'; readonly head: StreamHead }
  | { readonly type: 'masked-fragment'; readonly fragment: Fragment }
  /** A sign of life, once a second: a camera may have nothing to say for days. */
  | { readonly type: 'figures'; readonly figures: CameraFigures };
