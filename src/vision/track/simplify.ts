import type { PixelBox } from '../../core/box.ts';
import { sizeOf } from './kalman.ts';
import type { TimedBox } from './tracklet.ts';

/** A keyframe is dropped when interpolation misses no edge of it by more than this share of the box's size ... */
const shareOfSize = 0.005;
/** ... or by more than this, in pixels. */
const pixels = 0.5;

/** The slopes, in pixels per second, at which a line from the anchor passes all boxes so far closely enough. */
interface Cone {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * Drops the keyframes that linear interpolation between the others gives back: within 0.5 % of the box's size, or half
 * a pixel when that is more, on every edge. One pass with a cone of feasible slopes (H. Imai and M. Iri, "Polygonal
 * approximations of a curve", 1988), so long tracks cost linear time. First and last stay.
 */
export function simplify(keyframes: readonly TimedBox[]): TimedBox[] {
  const first = keyframes[0];
  if (first === undefined) return [];
  const kept = [first];
  let anchor = first;
  let cone = openCone();
  let last = first;
  for (const frame of keyframes.slice(1)) {
    if (!holds(cone, anchor, frame)) {
      kept.push(last);
      anchor = last;
      cone = openCone();
    }
    narrow(cone, anchor, frame);
    last = frame;
  }
  if (last !== first) kept.push(last);
  return kept;
}

function openCone(): Cone {
  return { low: new Float64Array(4).fill(-Infinity), high: new Float64Array(4).fill(Infinity) };
}

/** Whether the line from the anchor to this box passes closely enough by all boxes between them. */
function holds(cone: Cone, anchor: TimedBox, frame: TimedBox): boolean {
  const step = frame.time - anchor.time;
  const from = edges(anchor.box);
  return edges(frame.box).every((edge, at) => {
    const slope = (edge - from[at]!) / step;
    return slope >= cone.low[at]! && slope <= cone.high[at]!;
  });
}

function narrow(cone: Cone, anchor: TimedBox, frame: TimedBox): void {
  const step = frame.time - anchor.time;
  const from = edges(anchor.box);
  const tolerance = Math.max(pixels, shareOfSize * sizeOf(frame.box));
  edges(frame.box).forEach((edge, at) => {
    const change = edge - from[at]!;
    cone.low[at] = Math.max(cone.low[at]!, (change - tolerance) / step);
    cone.high[at] = Math.min(cone.high[at]!, (change + tolerance) / step);
  });
}

function edges(box: PixelBox): [number, number, number, number] {
  return [box.x, box.y, box.x + box.width, box.y + box.height];
}
