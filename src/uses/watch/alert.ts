import type { PixelBox, Size } from '../../core/box.ts';
import type { Seconds } from '../../core/time.ts';
import type { ScheduleState } from './calendar/calendar.ts';
import type { PathPoint } from './live-tracks.ts';
import type { Rule, Severity } from './site/schema.ts';

/** Why an alert came about, as data: what the operator reads, and what a later replay can check. */
export interface ReasonCard {
  readonly rule: { readonly id: string; readonly kind: Rule['kind']; readonly place?: string };
  readonly schedule: ScheduleState;
  /** One sentence: `person entered zone dock`. */
  readonly text: string;
  /** Seconds in the zone, or for which the change has lasted. */
  readonly dwell?: Seconds;
  /** Foot points, pixels, oldest first. */
  readonly path: readonly PathPoint[];
  /** The detector's scores of the track, oldest first, and their median. */
  readonly scores: readonly number[];
  readonly medianScore?: number;
  /** Dismissed incidents of the last weeks that were most like this one; not known on a camera by itself. */
  readonly similar?: readonly {
    readonly incident: string;
    readonly dismissal: string;
    readonly at: string;
  }[];
}

/** Milliseconds on one clock, since the frame was captured (of a file: since it was due). */
export interface Latency {
  readonly decoded: number;
  readonly looked: number;
  readonly fired: number;
  /** Seconds of the stream that the rule itself waits: inertia or dwell. */
  readonly inertia: Seconds;
}

/** Why an alert is kept but not put before the operator. */
export type Suppression =
  'site open' | 'disarmed by hand' | 'cool-down' | 'same event' | `learned: ${string}`;

/** A rule that fired. Machine output: a person decides what it means. */
export interface Alert {
  readonly id: string;
  readonly camera: string;
  readonly severity: Severity;
  /** Stream time of the frame on which the rule fired. */
  readonly time: Seconds;
  /** Wall time of that frame, milliseconds since 1970. */
  readonly at: number;
  readonly class?: string;
  /** The raw track, and the identity that fragments of it share. */
  readonly track?: string;
  readonly identity?: string;
  /** Pixels. */
  readonly box: PixelBox;
  /** Size of the picture that the box is in; alerts of older versions lack it. */
  readonly picture?: Size;
  readonly reason: ReasonCard;
  readonly latency: Latency;
  readonly suppressed?: Suppression;
  /** The incident it belongs to; absent when suppressed. */
  readonly incident?: string;
}

/** What belongs together: one thing to look at for the operator. */
export interface Incident {
  readonly id: string;
  readonly camera: string;
  readonly severity: Severity;
  readonly started: Seconds;
  readonly lastAlert: Seconds;
  readonly alerts: readonly string[];
  readonly rules: readonly string[];
  /** Raw tracks, as they were followed. */
  readonly tracks: readonly string[];
  readonly identities: readonly string[];
}
