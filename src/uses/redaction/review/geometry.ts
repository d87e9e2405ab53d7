import { area, clipped, hull, type PixelBox } from '../../../core/box.ts';
import { boxOnPath, pathBetween, type TimedBox } from '../../../core/path.ts';
import type { Seconds } from '../../../core/time.ts';
import type { Keyframe, Region } from '../plan.ts';
import type { ReviewBase } from './base.ts';
import { refusals } from './refusals.ts';

/**
 * The first part of a split track ends so long before the second begins: longer than two times that the renderer takes
 * for one, shorter than any frame lasts.
 */
export const beforeFrame: Seconds = 0.0005;
/** Keyframes closer than this are at one moment. */
const sameMoment: Seconds = 1e-5;

/** Microseconds, as plans are written. */
export function micro(time: Seconds): Seconds {
  return Math.round(time * 1e6) / 1e6;
}

function tenth(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

export function pathOf({ keyframes }: Pick<Region, 'keyframes'>): TimedBox[] {
  return keyframes.map(([time, x, y, width, height]) => ({ time, box: { x, y, width, height } }));
}

export function toKeyframe({ time, box }: TimedBox): Keyframe {
  const { x, y, width, height } = box;
  return [micro(time), tenth(x), tenth(y), Math.max(0.1, tenth(width)), Math.max(0.1, tenth(height))];
}

/** @throws TidewaiterError `E_EDIT_PLACE` for what would cover nothing. */
export function checkPlace({ plan }: ReviewBase, region: string, box: PixelBox): void {
  if (area(clipped(box, plan.source)) === 0) throw refusals.place(region);
}

/** @throws TidewaiterError `E_EDIT_TIME` for a moment at which the recording shows nothing. */
export function checkMoment({ clip }: ReviewBase, time: Seconds): void {
  if (time >= clip.first - sameMoment && time <= clip.last + sameMoment) return;
  throw refusals.time(
    `${time} s is outside of the recording, which goes from ${clip.first} to ${clip.last} s`,
  );
}

/** The region within a shorter or longer span; where it has no keyframes it stays where the nearest one is. */
export function within(region: Region, start: Seconds, end: Seconds): Region {
  const from = Math.max(start, region.start);
  const to = Math.min(end, region.end);
  if (to < from) throw refusals.time(`${region.id} is not there between ${start} and ${end} s`);
  const kept = start > region.start || end < region.end;
  return {
    ...region,
    start: micro(start),
    end: micro(end),
    keyframes: kept ? rising(pathBetween(pathOf(region), from, to).map(toKeyframe)) : region.keyframes,
  };
}

/** The path with those keyframes in place of what it had between the first and the last of them. */
export function replaced(region: Region, keyframes: readonly Keyframe[]): Region {
  const [from, to] = [keyframes[0]![0], keyframes.at(-1)![0]];
  const others = region.keyframes.filter(([at]) => at < from - sameMoment || at > to + sameMoment);
  const all = [...others, ...keyframes].sort((a, b) => a[0] - b[0]);
  return {
    ...region,
    start: Math.min(region.start, from),
    end: Math.max(region.end, to),
    keyframes: rising(all),
  };
}

/** Rounding may have brought two keyframes to one moment. */
function rising(keyframes: readonly Keyframe[]): Keyframe[] {
  return keyframes.filter((key, index) => index === 0 || key[0] > keyframes[index - 1]![0]);
}

/**
 * One region that is wherever either of two was. While both are there it is as large as holds both; between the end of
 * one and the start of the other it moves in a straight line.
 */
export function joined(a: Region, b: Region): Region {
  const [before, after] = a.start <= b.start ? [a, b] : [b, a];
  const [one, other] = [pathOf(before), pathOf(after)];
  const times = new Set([
    ...one.map(({ time }) => time),
    ...other.map(({ time }) => time),
    ...[before.start, before.end, after.start, after.end],
  ]);
  const isAt = ({ start, end }: Region, time: Seconds): boolean => time >= start && time <= end;
  const keyframes = [...times]
    .filter((time) => isAt(before, time) || isAt(after, time))
    .sort((first, second) => first - second)
    .map((time) => {
      const boxes = [
        ...(isAt(before, time) ? [boxOnPath(one, time)] : []),
        ...(isAt(after, time) ? [boxOnPath(other, time)] : []),
      ];
      return toKeyframe({ time, box: boxes.reduce(hull) });
    });
  const scores = [a.score, b.score].filter((score) => score !== undefined);
  const detections = [a.detections, b.detections].filter((count) => count !== undefined);
  return {
    ...a,
    origin: b.origin === 'model' ? 'model' : a.origin,
    ...(scores.length === 0 ? {} : { score: Math.max(...scores) }),
    ...(detections.length === 0 ? {} : { detections: detections.reduce((sum, count) => sum + count) }),
    start: Math.min(a.start, b.start),
    end: Math.max(a.end, b.end),
    keyframes: rising(keyframes),
  };
}
