import { between, hull, type PixelBox } from '../../core/box.ts';
import { BoxFilter, type BoxFilterNoise } from './kalman.ts';
import type { TimedBox } from './tracklet.ts';

/**
 * What becomes of the detector's jitter: `off` keeps the boxes as observed; `smooth` replaces them, which fits the things
 * best; `cover` enlarges each to hold the smoothed one too, so that a detection that came out too small leaves nothing
 * bare and no observed pixel is given up.
 */
export type Smoothing = 'off' | 'smooth' | 'cover';

/**
 * Smoothing is the mean of a forward and a backward filter (after D. C. Fraser and J. E. Potter, "The optimum linear
 * smoother as a combination of two optimum linear filters", IEEE Trans. Automatic Control 14(4), 1969, with equal weights).
 */
export function smoothed(seen: readonly TimedBox[], smoothing: Smoothing, noise: BoxFilterNoise): TimedBox[] {
  if (smoothing === 'off') return [...seen];
  const forward = filtered(seen, 1, noise);
  const backward = filtered(seen.toReversed(), -1, noise).reverse();
  return seen.map(({ time, box }, at) => {
    const middle = between(forward[at]!, backward[at]!, 0.5);
    return { time, box: smoothing === 'cover' ? hull(box, middle) : middle };
  });
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
