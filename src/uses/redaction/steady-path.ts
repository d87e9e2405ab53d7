import type { PixelBox } from '../../core/box.ts';
import type { TimedBox } from '../../core/path.ts';
import type { Seconds } from '../../core/time.ts';

/**
 * A path without the jitter of single detections: each coordinate is fitted by a straight line over the keyframes
 * within `reach` of it, near ones counting more (local linear regression with the biweight kernel; Cleveland, 1979).
 * @param path in the order of time.
 * @returns as many keyframes, at the same times.
 */
export function steadyPath(path: readonly TimedBox[], reach: Seconds): TimedBox[] {
  let from = 0;
  return path.map(({ time }) => {
    while ((path[from]?.time ?? time) < time - reach) from += 1;
    const fit = (value: (box: PixelBox) => number): number => fitAt(path, from, time, reach, value);
    const width = fit((box) => box.width);
    const x = fit((box) => box.x + box.width / 2) - width / 2;
    return { time, box: { x, y: fit((box) => box.y), width, height: fit((box) => box.height) } };
  });
}

function fitAt(
  path: readonly TimedBox[],
  from: number,
  time: Seconds,
  reach: Seconds,
  value: (box: PixelBox) => number,
): number {
  let weights = 0;
  let first = 0;
  let second = 0;
  let sum = 0;
  let moment = 0;
  for (let index = from; index < path.length && path[index]!.time <= time + reach; index += 1) {
    const key = path[index]!;
    const distance = key.time - time;
    const weight = (1 - (distance / reach) ** 2) ** 2;
    weights += weight;
    first += weight * distance;
    second += weight * distance * distance;
    sum += weight * value(key.box);
    moment += weight * distance * value(key.box);
  }
  const determinant = weights * second - first * first;
  return determinant > 1e-9 ? (second * sum - first * moment) / determinant : sum / weights;
}
