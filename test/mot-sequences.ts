import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Size } from '../src/core/box.ts';
import type { Observation } from '../src/core/observation.ts';
import {
  alignSequences,
  type AlignedSequence,
  type IdentifiedBox,
  motTracks,
  motTruth,
  parseMot,
  type TrackSequence,
} from '../src/stats/index.ts';
import type { AssociationOptions } from '../src/vision/track/association.ts';
import { DetectionLog } from '../src/vision/track/detection-log.ts';
import { Tracker } from '../src/vision/track/tracker.ts';
import { boxAt } from '../src/vision/track/trajectory.ts';
import { trackTwoWay, type TwoWayOptions } from '../src/vision/track/two-way.ts';
import { sharedData } from './needs.ts';

/** A public sequence with its detections. */
export interface MotSequence {
  readonly name: string;
  readonly size: Size;
  /** Frames per second of the annotation. */
  readonly rate: number;
  readonly frames: number;
  readonly truth: TrackSequence;
  /** Observations by frame number, from 1. */
  readonly detections: ReadonlyMap<number, readonly Observation[]>;
}

const known: Readonly<Record<string, Pick<MotSequence, 'size' | 'rate' | 'frames'>>> = {
  'PETS09-S2L1': { size: { width: 768, height: 576 }, rate: 7, frames: 795 },
  'TUD-Campus': { size: { width: 640, height: 480 }, rate: 25, frames: 71 },
  'TUD-Stadtmitte': { size: { width: 640, height: 480 }, rate: 25, frames: 179 },
};

const model = { id: 'public-detections', digest: '' };

/** Reads one of the sequences of the shared test data. */
export function readSequence(name: string): MotSequence {
  const read = (file: string): ReturnType<typeof parseMot> =>
    parseMot(readFileSync(join(sharedData, 'watch', name, file), 'utf8'));
  const detections = new Map<number, Observation[]>();
  for (const { frame, box, confidence } of read('det.txt')) {
    const list = detections.get(frame) ?? [];
    list.push({ class: 'person', box, score: Math.min(1, confidence), model });
    detections.set(frame, list);
  }
  return { name, ...known[name]!, truth: motTruth(read('gt.txt')), detections };
}

/** The output of the reference tracker that comes with the metrics' expected values. */
export function readReferenceTracks(name: string): TrackSequence {
  return motTracks(
    parseMot(readFileSync(join(sharedData, 'watch/metrics-golden', `${name}-test.txt`), 'utf8')),
  );
}

/** Frame number `frame` is shown at this time. */
const timeOf = (sequence: MotSequence, frame: number): number => (frame - 1) / sequence.rate;

/** Runs the online tracker with detections of every `step`-th frame; frames between show its predictions. */
export function trackOnline(
  sequence: MotSequence,
  step: number,
  options: Partial<AssociationOptions> = {},
): AlignedSequence {
  const tracker = new Tracker(options);
  const output = new Map<number, readonly IdentifiedBox[]>();
  for (let frame = 1; frame <= sequence.frames; frame++) {
    const time = timeOf(sequence, frame);
    if ((frame - 1) % step === 0)
      tracker.update(time, frame, sequence.detections.get(frame) ?? [], sequence.size);
    const current = tracker
      .active(time)
      .filter((track) => time - track.lastSeen < (step - 0.5) / sequence.rate);
    output.set(frame, current);
  }
  return alignSequences(sequence.truth, output);
}

/** Runs the two-way tracker with detections of every `step`-th frame, without guard frames. */
export function trackBothWays(
  sequence: MotSequence,
  step: number,
  options: Partial<TwoWayOptions> = {},
): AlignedSequence {
  const log = new DetectionLog(sequence.size);
  for (let frame = 1; frame <= sequence.frames; frame++) {
    log.addFrame(timeOf(sequence, frame));
    if ((frame - 1) % step === 0) log.add(frame - 1, sequence.detections.get(frame) ?? []);
  }
  const trajectories = trackTwoWay(log, { guardFrames: 0, guardTime: 0, ...options });
  const output = new Map<number, IdentifiedBox[]>();
  for (let frame = 1; frame <= sequence.frames; frame++) {
    const boxes = trajectories.flatMap((trajectory) => {
      const box = boxAt(trajectory, timeOf(sequence, frame));
      return box === undefined ? [] : [{ id: trajectory.id, box }];
    });
    output.set(frame, boxes);
  }
  return alignSequences(sequence.truth, output);
}
