import { hull, type PixelBox } from '../../core/box.ts';
import { between } from '../../core/box.ts';
import type { TimedBox } from './tracklet.ts';
import { BoxFilter, type BoxFilterNoise } from './kalman.ts';

/**
 * Each box enlarged to hold the smoothed box of its moment. Smoothing is the mean of a forward and a backward filter
 * (after D. C. Fraser and J. E. Potter, "The optimum linear smoother as a combination of two optimum linear filters",
 * IEEE Trans. Automatic Control 14(4), 1969, with equal weights).
 */
export function smoothedHulls(seen: readonly TimedBox[], noise: BoxFilterNoise): TimedBox[] {
  const forward = filtered(seen, 1, noise);
  const backward = filtered(seen.toReversed(), -1, noise).reverse();
  return seen.map(({ time, box }, at) => ({
    time,
    box: hull(box, between(forward[at]!, backward[at]!, 0.5)),
  }));
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
