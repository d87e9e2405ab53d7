import type { Followed, FollowEnd } from '../../../vision/follow/follow.ts';
import { simplify } from '../../../vision/track/simplify.ts';
import type { Keyframe } from '../plan.ts';
import { micro, toKeyframe } from './geometry.ts';

/** What came of following a box, so far or in the end. */
export interface FollowReport {
  /** As the edits `add` and `path` take them. */
  readonly keyframes: readonly Keyframe[];
  /** Moment and confidence (0..1) of each frame; 0 where nothing was seen and the box covers where it may be. */
  readonly confidence: readonly (readonly [number, number])[];
  /** Where and why it ends, in both directions; null while it goes on. */
  readonly before: FollowEnd | null;
  readonly after: FollowEnd | null;
}

export function followReport({ boxes, before, after }: Followed): FollowReport {
  return {
    keyframes: simplify(boxes).map(toKeyframe),
    confidence: boxes.map(({ time, confidence }) => [micro(time), Math.round(confidence * 100) / 100]),
    before: before ?? null,
    after: after ?? null,
  };
}
