import { frameAt, frameTable, type VideoIndex } from '../../../../media/proxy/frame-index.ts';
import type { ReviewBase } from '../../review/base.ts';
import type { Span } from './timeline.tsx';

/** Frames and their times. */
export interface Clock {
  readonly count: number;
  /** Presentation time on the clock of the source, seconds. */
  timeOf(frame: number): number;
  /** The frame shown at a time. */
  frameAt(time: number): number;
  /** From the first frame to the end of the last. */
  readonly whole: Span;
}

/** @param index absent for a picture, which is one frame. */
export function clockOf(index: VideoIndex | undefined, { clip }: ReviewBase): Clock {
  if (index === undefined)
    return { count: 1, timeOf: () => clip.first, frameAt: () => 0, whole: { from: 0, to: 1 } };
  const table = frameTable(index);
  const { num, den } = index.timeBase;
  const seconds = (ticks: number): number => (ticks * num) / den;
  const timeOf = (frame: number): number => seconds(table.pts[frame] ?? 0);
  const last = table.count - 1;
  return {
    count: table.count,
    timeOf,
    // Times that were written with microseconds must not fall before their own frame.
    frameAt: (time) => frameAt(table, ((time + 1e-5) * den) / num),
    whole: { from: timeOf(0), to: seconds((table.pts[last] ?? 0) + index.lastTicks) },
  };
}
