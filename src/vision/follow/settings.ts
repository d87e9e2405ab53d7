import type { Seconds } from '../../core/time.ts';

/** How a box is followed. */
export interface FollowSettings {
  /** Weight of the newest sight in what is looked for, shapes and colours, for each sure frame. */
  readonly shapeRate: number;
  readonly colourRate: number;
  /** Share (0..1) of colours in where the thing is taken to be; shapes say the rest. */
  readonly colourShare: number;
  /** Confidence (0..1) above which a sight is learnt from, and below which nothing was seen. */
  readonly sure: number;
  readonly seen: number;
  /** A thing that was not seen for so long is lost. */
  readonly patience: Seconds;
  /** Boxes are larger on each side by this share of their size ... */
  readonly margin: number;
  /** ... and by so much more when the confidence is 0, ... */
  readonly doubt: number;
  /** ... for each second since it was last certain where it is (at the start, or by a detection), up to `mostDrift`, ... */
  readonly drift: number;
  readonly mostDrift: number;
  /** ... and for each second that it has not been seen. */
  readonly unseen: number;
}

/** Chosen on composed clips and the first half of `vtest.avi`; `bench/follow.ts` reports on others. */
export const defaultFollow: FollowSettings = {
  shapeRate: 0.02,
  colourRate: 0.02,
  colourShare: 0.3,
  sure: 0.65,
  seen: 0.5,
  patience: 0.7,
  margin: 0.1,
  doubt: 0.2,
  drift: 0.05,
  mostDrift: 0.25,
  unseen: 0.5,
};
