import { area, intersection, type PixelBox } from '../../../../core/box.ts';
import { boxOnPath, type TimedBox } from '../../../../core/path.ts';
import type { Seconds } from '../../../../core/time.ts';
import type { Keyframe, RedactionPlan, Region } from '../../plan.ts';

/** As the renderer has it (timeline.ts): a frame exactly on the edge of a span must not fall out by rounding. */
const TIME_TOLERANCE: Seconds = 1e-4;

/** A region that is there at a moment, whether it is covered or left visible. */
export interface Placed {
  readonly region: Region;
  readonly box: PixelBox;
  /** Whether the renderer draws it now. */
  readonly covered: boolean;
}

/** Paths ready for asking. Keyframes stay the same array until their path is edited, so most are made once. */
const paths = new WeakMap<readonly Keyframe[], readonly TimedBox[]>();

function pathOf(keyframes: readonly Keyframe[]): readonly TimedBox[] {
  const known = paths.get(keyframes);
  if (known !== undefined) return known;
  const path = keyframes.map(([time, x, y, width, height]) => ({ time, box: { x, y, width, height } }));
  paths.set(keyframes, path);
  return path;
}

/** Where a region is at a moment; beyond its keyframes it stays where the nearest one is. */
export function placeOf({ keyframes }: Region, time: Seconds): PixelBox {
  return boxOnPath(pathOf(keyframes), time);
}

/** Whether a region is there at a moment. Its times have microseconds, those of frames as many digits as it takes. */
export function isThere({ start, end }: Region, time: Seconds): boolean {
  return start <= time + TIME_TOLERANCE && end >= time - TIME_TOLERANCE;
}

/** All regions that are there at a moment. Asked in any order of time at the same cost. */
export function placedAt({ regions, limits }: RedactionPlan, time: Seconds): Placed[] {
  const counts =
    limits.spans?.some(([start, end]) => time >= start - TIME_TOLERANCE && time <= end + TIME_TOLERANCE) ??
    true;
  return regions
    .filter((region) => isThere(region, time))
    .map((region) => {
      const box = placeOf(region, time);
      const inZone =
        limits.zones?.some(([x, y, width, height]) => area(intersection(box, { x, y, width, height })) > 0) ??
        true;
      return { region, box, covered: region.redact && counts && inZone };
    });
}
