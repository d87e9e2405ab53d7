import { between, type PixelBox } from './box.ts';
import type { Seconds } from './time.ts';

/** A moment and a place. */
export interface TimedBox {
  readonly time: Seconds;
  readonly box: PixelBox;
}

/**
 * Where something is that moves in straight lines between keyframes: the nearest keyframe's box before the first and
 * after the last one.
 * @param keyframes in the order of time, at least one.
 */
export function boxOnPath(keyframes: readonly TimedBox[], time: Seconds): PixelBox {
  let low = 0;
  let high = keyframes.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyframes[middle]!.time < time) low = middle + 1;
    else high = middle;
  }
  const next = keyframes[low];
  if (next === undefined) throw new RangeError('a path has at least one keyframe');
  const previous = keyframes[low - 1];
  if (previous === undefined || time >= next.time) return next.box;
  return between(previous.box, next.box, (time - previous.time) / (next.time - previous.time));
}

/** Times closer than this are one moment: sums of times differ in their last digits. */
const SAME_MOMENT: Seconds = 1e-5;

/** The part of a path between two moments, with keyframes at both of them and no two at one moment. */
export function pathBetween(keyframes: readonly TimedBox[], start: Seconds, end: Seconds): TimedBox[] {
  const opening = { time: start, box: boxOnPath(keyframes, start) };
  if (end <= start + SAME_MOMENT) return [opening];
  const inner = keyframes.filter((key) => key.time > start + SAME_MOMENT && key.time < end - SAME_MOMENT);
  return [opening, ...inner, { time: end, box: boxOnPath(keyframes, end) }];
}
