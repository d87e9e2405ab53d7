import type { Seconds } from '../../core/time.ts';
import type { DetectionLog } from './detection-log.ts';
import { BoxFilter, type BoxFilterNoise } from './kalman.ts';
import { bufferedIou } from './similarity.ts';

export interface JoinOptions {
  /** Longest gap that is bridged. */
  readonly joinWithin: Seconds;
  /** Lowest buffered IoU at which the extrapolations of both sides, to the middle of the gap, must meet. */
  readonly joinOverlap: number;
  /** Enlargement of boxes on every side for comparison, as a share of their size. */
  readonly buffer: number;
  readonly noise: BoxFilterNoise;
}

/** How much of a chain's end tells its motion there. */
const tail: Seconds = 1;

interface Bridge {
  readonly from: number;
  readonly to: number;
  readonly overlap: number;
}

/**
 * Joins chains of one class that are the same thing seen before and after a gap: the motion at the end of one and at the
 * start of the other, both led to the middle of the gap, must meet. The best bridges are taken first. No bridge crosses
 * a cut.
 */
export function joinChains(
  log: DetectionLog,
  chains: readonly Int32Array[],
  options: JoinOptions,
): Int32Array[] {
  const startOf = (members: Int32Array): Seconds => log.timeOf(log.frameOf(members[0]!));
  const ordered = chains.toSorted((a, b) => startOf(a) - startOf(b) || a[0]! - b[0]!);
  const bridges = findBridges(log, ordered, options);
  bridges.sort((a, b) => b.overlap - a.overlap || a.from - b.from || a.to - b.to);
  const after = new Map<number, number>();
  const reached = new Set<number>();
  for (const { from, to } of bridges) {
    if (after.has(from) || reached.has(to)) continue;
    after.set(from, to);
    reached.add(to);
  }
  const joined: Int32Array[] = [];
  ordered.forEach((_, start) => {
    if (reached.has(start)) return;
    const members: number[] = [];
    for (let at: number | undefined = start; at !== undefined; at = after.get(at)) {
      for (const row of ordered[at]!) members.push(row);
    }
    joined.push(Int32Array.from(members));
  });
  return joined;
}

function findBridges(log: DetectionLog, ordered: readonly Int32Array[], options: JoinOptions): Bridge[] {
  const starts = Float64Array.from(ordered, (members) => log.timeOf(log.frameOf(members[0]!)));
  const scenes = sceneNumbers(log);
  const bridges: Bridge[] = [];
  ordered.forEach((members, from) => {
    const lastFrame = log.frameOf(members.at(-1)!);
    const end = log.timeOf(lastFrame);
    let ending: BoxFilter | undefined;
    for (
      let to = firstAfter(starts, end);
      to < ordered.length && starts[to]! <= end + options.joinWithin;
      to++
    ) {
      const other = ordered[to]!;
      if (scenes[log.frameOf(other[0]!)] !== scenes[lastFrame]) break;
      ending ??= motionAtEnd(log, members, options.noise);
      const half = (starts[to]! - end) / 2;
      const ahead = ending.copy();
      ahead.predict(half);
      const back = motionAtStart(log, other, options.noise);
      back.predict(half);
      const overlap = bufferedIou(ahead.box, back.box, options.buffer);
      if (overlap >= options.joinOverlap) bridges.push({ from, to, overlap });
    }
  });
  return bridges;
}

/** The filter after the last observation of a chain. */
export function motionAtEnd(log: DetectionLog, members: Int32Array, noise: BoxFilterNoise): BoxFilter {
  return motionOf(log, members.toReversed(), 1, noise);
}

/** The filter, with time running backward, after the first observation of a chain. */
export function motionAtStart(log: DetectionLog, members: Int32Array, noise: BoxFilterNoise): BoxFilter {
  return motionOf(log, members, -1, noise);
}

/** @param inward the observations from the end of interest inward. */
function motionOf(
  log: DetectionLog,
  inward: Int32Array,
  direction: 1 | -1,
  noise: BoxFilterNoise,
): BoxFilter {
  const timeOf = (row: number): Seconds => direction * log.timeOf(log.frameOf(row));
  const end = timeOf(inward[0]!);
  let count = 1;
  while (count < inward.length && end - timeOf(inward[count]!) <= tail) count++;
  const first = inward[count - 1]!;
  const filter = new BoxFilter(log.boxOf(first), noise);
  let reached = timeOf(first);
  for (let at = count - 2; at >= 0; at--) {
    const row = inward[at]!;
    filter.predict(timeOf(row) - reached);
    filter.update(log.boxOf(row));
    reached = timeOf(row);
  }
  return filter;
}

function sceneNumbers(log: DetectionLog): Int32Array {
  const numbers = new Int32Array(log.frames);
  for (let frame = 1; frame < log.frames; frame++)
    numbers[frame] = numbers[frame - 1]! + (log.isCut(frame) ? 1 : 0);
  return numbers;
}

/** Place of the first value above `limit` in a rising list. */
function firstAfter(values: Float64Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
