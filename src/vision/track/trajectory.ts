import { between, type PixelBox } from '../../core/box.ts';
import type { ModelReference, ObservedClass } from '../../core/observation.ts';
import type { Seconds } from '../../core/time.ts';
import type { TimedBox } from './tracklet.ts';

/** Where one thing was throughout the time it was seen: a box at every moment from `start` to `end`. */
export interface Trajectory {
  /** Class and number, counted per class in order of start: `person-1`. */
  readonly id: string;
  readonly class: ObservedClass;
  /** In order of time, the first at `start` and the last at `end`; between two, the box moves linearly. */
  readonly keyframes: readonly TimedBox[];
  /** Presentation times of the first and last frame that the thing, with its guard frames, is in. */
  readonly start: Seconds;
  readonly end: Seconds;
  /** Highest score of an observation, 0..1. */
  readonly bestScore: number;
  /** Number of observations. */
  readonly detections: number;
  /** The model that made most of the observations. */
  readonly model: ModelReference;
  /** The text that carries most of the scores, where text was read. */
  readonly text?: string;
  /** The kind of text that carries most of the scores. */
  readonly kind?: string;
}

/** Times that differ by less are the same moment: room for rounding. */
export const sameMoment: Seconds = 1e-6;

/** The box at a moment, or undefined before the start and after the end. */
export function boxAt(trajectory: Trajectory, time: Seconds): PixelBox | undefined {
  const { keyframes, start, end } = trajectory;
  if (time < start - sameMoment || time > end + sameMoment) return undefined;
  let low = 0;
  let high = keyframes.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyframes[middle]!.time < time) low = middle + 1;
    else high = middle;
  }
  const next = keyframes[low]!;
  const previous = keyframes[low - 1];
  if (previous === undefined || time >= next.time) return next.box;
  return between(previous.box, next.box, (time - previous.time) / (next.time - previous.time));
}
