import { betaProbability } from '../distributions.ts';
import type { Interval } from '../intervals.ts';

/**
 * Interval of the median by order statistics, which holds for any distribution (H. A. David and H. N. Nagaraja, "Order
 * Statistics", 3rd edition, 2003, section 7.1).
 * @param ascending values. @returns undefined when there are too few for the confidence.
 */
export function medianInterval(ascending: Float64Array, confidence = 0.95): Interval | undefined {
  const n = ascending.length;
  // The chance that at most k of n values lie below the median.
  const atMost = (k: number): number => betaProbability(0.5, n - k, k + 1);
  let [low, high] = [-1, Math.floor((n - 1) / 2)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (atMost(middle) <= (1 - confidence) / 2) low = middle;
    else high = middle - 1;
  }
  return low < 0 || n === 0 ? undefined : { low: ascending[low]!, high: ascending[n - 1 - low]! };
}
