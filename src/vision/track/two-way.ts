import { hull } from '../../core/box.ts';
import type { ObservedClass } from '../../core/observation.ts';
import type { Seconds } from '../../core/time.ts';
import type { AssociationOptions } from './association.ts';
import type { DetectionLog, ObservationLabel } from './detection-log.ts';
import { joinChains, type JoinOptions, motionAtEnd, motionAtStart } from './join.ts';
import type { BoxFilter } from './kalman.ts';
import { chainObservations } from './links.ts';
import { defaultTwoWay } from './options.ts';
import { pathThrough, type Smoothing } from './smooth.ts';
import type { TimedBox } from './tracklet.ts';
import { sameMoment, type Trajectory } from './trajectory.ts';

export interface TwoWayOptions extends AssociationOptions, JoinOptions {
  /** Each trajectory is made longer at both ends by this many frames or this time, whichever is more. */
  readonly guardFrames: number;
  readonly guardTime: Seconds;
  /** A trajectory is dropped when its best score is below `minBestScore` and it has fewer than `minDetections`. */
  readonly minBestScore: number;
  readonly minDetections: number;
  readonly smoothing: Smoothing;
}

/**
 * Follows everything in a file through both directions of time: tracks reach back to weak observations before the first
 * confident one, gaps are bridged, and guard frames are added at both ends. Unobserved frames next to a track's end are
 * always added, since nobody looked whether the thing was there. Nothing crosses a cut.
 * @param options differences from {@link defaultTwoWay}.
 * @param perClass further differences for single classes.
 * @returns in order of class name, then of start.
 */
export function trackTwoWay(
  log: DetectionLog,
  options: Partial<TwoWayOptions> = {},
  perClass: Readonly<Record<ObservedClass, Partial<TwoWayOptions>>> = {},
): Trajectory[] {
  const classes = [...log.rowsByClass()].sort(([a], [b]) => (a < b ? -1 : 1));
  return classes.flatMap(([name, rows]) => {
    const settings: TwoWayOptions = { ...defaultTwoWay, ...options, ...perClass[name] };
    const chains = chainObservations(log, rows, settings);
    const joined = joinChains(log, chains, settings);
    return joined
      .filter((members) => isSupported(log, members, settings))
      .map((members, index) => toTrajectory(log, members, `${name}-${index + 1}`, settings));
  });
}

function isSupported(log: DetectionLog, members: Int32Array, settings: TwoWayOptions): boolean {
  return members.length >= settings.minDetections || bestScore(log, members) >= settings.minBestScore;
}

function bestScore(log: DetectionLog, members: Int32Array): number {
  return members.reduce((best, row) => Math.max(best, log.scoreOf(row)), 0);
}

function toTrajectory(
  log: DetectionLog,
  members: Int32Array,
  id: string,
  settings: TwoWayOptions,
): Trajectory {
  const seen = Array.from(members, (row): TimedBox => {
    return { time: log.timeOf(log.frameOf(row)), box: log.boxOf(row) };
  });
  const path = pathThrough(seen, settings.smoothing, settings.noise);
  const before = guard(log, path[0]!, log.frameOf(members[0]!), -1, settings, () =>
    motionAtStart(log, members, settings.noise),
  );
  const after = guard(log, path.at(-1)!, log.frameOf(members.at(-1)!), 1, settings, () =>
    motionAtEnd(log, members, settings.noise),
  );
  const keyframes = [...before, ...path, ...after];
  const labels = Array.from(members, (row) => ({ label: log.labelOf(row), score: log.scoreOf(row) }));
  const text = heaviest(labels, (label) => label.text);
  const kind = heaviest(labels, (label) => label.kind);
  return {
    id,
    class: labels[0]!.label.class,
    keyframes,
    start: keyframes[0]!.time,
    end: keyframes.at(-1)!.time,
    bestScore: bestScore(log, members),
    detections: members.length,
    model: heaviest(labels, (label) => label.model)!,
    ...(text === undefined ? {} : { text }),
    ...(kind === undefined ? {} : { kind }),
  };
}

/**
 * The keyframe, if any, that makes a trajectory longer at one end. Its box holds both the last box and where the motion
 * would have led.
 */
function guard(
  log: DetectionLog,
  end: TimedBox,
  endFrame: number,
  direction: 1 | -1,
  settings: TwoWayOptions,
  motion: () => BoxFilter,
): TimedBox[] {
  const frame = guardFrame(log, endFrame, direction, settings);
  if (frame === endFrame) return [];
  const time = log.timeOf(frame);
  const filter = motion();
  filter.predict(Math.abs(time - end.time));
  return [{ time, box: hull(end.box, filter.box) }];
}

function guardFrame(log: DetectionLog, endFrame: number, direction: 1 | -1, settings: TwoWayOptions): number {
  const isInScene = (frame: number): boolean =>
    frame >= 0 && frame < log.frames && !log.isCut(direction === 1 ? frame : frame + 1);
  let isUnobserved = true;
  let frame = endFrame;
  for (let next = endFrame + direction; isInScene(next); next += direction) {
    isUnobserved &&= !log.isObserved(next);
    const isNear =
      Math.abs(next - endFrame) <= settings.guardFrames ||
      Math.abs(log.timeOf(next) - log.timeOf(endFrame)) <= settings.guardTime + sameMoment;
    if (!isNear && !isUnobserved) break;
    frame = next;
  }
  return frame;
}

/** The value under which the labels gather the highest sum of scores; the earlier one of equals. */
function heaviest<T>(
  labels: readonly { label: ObservationLabel; score: number }[],
  value: (label: ObservationLabel) => T | undefined,
): T | undefined {
  const weights = new Map<T, number>();
  for (const { label, score } of labels) {
    const key = value(label);
    if (key !== undefined) weights.set(key, (weights.get(key) ?? 0) + score);
  }
  let best: T | undefined;
  for (const [key, weight] of weights) {
    if (best === undefined || weight > weights.get(best)!) best = key;
  }
  return best;
}
