import type { Followed } from '../../../vision/follow/follow.ts';
import { simplify } from '../../../vision/track/simplify.ts';
import type { FollowReport } from './edit.ts';
import { micro, toKeyframe } from './geometry.ts';

export function followReport({ boxes, before, after }: Followed): FollowReport {
  return {
    keyframes: simplify(boxes).map(toKeyframe),
    confidence: boxes.map(({ time, confidence }) => [micro(time), Math.round(confidence * 100) / 100]),
    before: before ?? null,
    after: after ?? null,
  };
}
