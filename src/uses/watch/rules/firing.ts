import type { PixelBox } from '../../../core/box.ts';
import type { Seconds } from '../../../core/time.ts';
import type { PictureHealth } from '../../../vision/motion/health.ts';
import type { StillChange } from '../../../vision/motion/still-changes.ts';
import type { LiveTrack } from '../live-tracks.ts';
import type { Point } from './geometry.ts';

/** One thing of a look: a track with the identity that fragments of it share, and where it stands. */
export interface Seen {
  readonly track: LiveTrack;
  readonly identity: string;
  /** Foot point as fractions of the picture, now and when it was seen before. */
  readonly foot: Point;
  /** Height as a share of the picture's. */
  readonly height: number;
}

/** All that rules may know of one moment on one camera. */
export interface Moment {
  readonly time: Seconds;
  /** Tracks that this look showed. */
  readonly seen: readonly Seen[];
  /** Identities that are remembered, seen now or not. */
  readonly remembered: ReadonlySet<string>;
  /** Lasting changes of the background, pixels. */
  readonly changes: readonly StillChange[];
  readonly health: PictureHealth;
  readonly picture: { readonly width: number; readonly height: number };
}

/** A rule whose conditions were met. */
export interface Firing {
  readonly text: string;
  readonly box: PixelBox;
  readonly seen?: Seen;
  readonly dwell?: Seconds;
  /** Stream time that the rule waited before it fired. */
  readonly inertia: Seconds;
}

/** A rule at work on one camera. A new kind of rule is one more function that makes one of these. */
export type RunningRule = (moment: Moment) => Firing[];
