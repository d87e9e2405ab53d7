import { between, hull, type PixelBox } from '../../core/box.ts';
import type { Seconds } from '../../core/time.ts';
import { BoxFilter, type BoxFilterNoise } from './kalman.ts';
import { simplify } from './simplify.ts';
import type { TimedBox } from './tracklet.ts';

/**
 * What becomes of the detector's jitter: `off` keeps the boxes as observed; `smooth` replaces them, which fits things
 * best and needs far fewer keyframes; `cover` is `smooth` enlarged, only where necessary, until every observed box is held.
 */
export type Smoothing = 'off' | 'smooth' | 'cover';

/** The keyframes of a path through the observed boxes. */
export function pathThrough(
  seen: readonly TimedBox[],
  smoothing: Smoothing,
  noise: BoxFilterNoise,
): TimedBox[] {
  if (smoothing === 'off') return simplify(seen);
  const path = simplify(smoothed(seen, noise));
  return smoothing === 'cover' ? covering(path, seen) : path;
}

/**
 * The mean of a forward and a backward filter (after D. C. Fraser and J. E. Potter, "The optimum linear smoother as a
 * combination of two optimum linear filters", IEEE Trans. Automatic Control 14(4), 1969, with equal weights).
 */
function smoothed(seen: readonly TimedBox[], noise: BoxFilterNoise): TimedBox[] {
  const forward = filtered(seen, 1, noise);
  const backward = filtered(seen.toReversed(), -1, noise).reverse();
  return seen.map(({ time }, at) => ({ time, box: between(forward[at]!, backward[at]!, 0.5) }));
}

function filtered(seen: readonly TimedBox[], direction: 1 | -1, noise: BoxFilterNoise): PixelBox[] {
  let filter: BoxFilter | undefined;
  let reached = 0;
  return seen.map(({ time, box }) => {
    if (filter === undefined) {
      filter = new BoxFilter(box, noise);
    } else {
      filter.predict(direction * (time - reached));
      filter.update(box);
    }
    reached = time;
    return filter.box;
  });
}

/** Moves the edges of keyframes outward until the path holds every observed box. */
function covering(path: readonly TimedBox[], seen: readonly TimedBox[]): TimedBox[] {
  const times = path.map(({ time }): Seconds => time);
  const boxes = path.map(({ box }) => box);
  let next = 0;
  for (const { time, box } of seen) {
    while (times[next]! < time) next++;
    const previous = times[next] === time ? next : next - 1;
    const share = previous === next ? 0 : (time - times[previous]!) / (times[next]! - times[previous]!);
    const margin = excess(between(boxes[previous]!, boxes[next]!, share), box);
    boxes[previous] = grown(boxes[previous]!, margin);
    if (next !== previous) boxes[next] = grown(boxes[next]!, margin);
  }
  return path.map(({ time }, at) => ({ time, box: boxes[at]! }));
}

/** How far `box` reaches out of `around` on each side, pixels. */
interface Margin {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function excess(around: PixelBox, box: PixelBox): Margin {
  const whole = hull(around, box);
  return {
    left: around.x - whole.x,
    top: around.y - whole.y,
    right: whole.x + whole.width - around.x - around.width,
    bottom: whole.y + whole.height - around.y - around.height,
  };
}

function grown(box: PixelBox, { left, top, right, bottom }: Margin): PixelBox {
  return {
    x: box.x - left,
    y: box.y - top,
    width: box.width + left + right,
    height: box.height + top + bottom,
  };
}
