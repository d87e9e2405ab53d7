import { assign } from '../assignment.ts';
import { type AlignedSequence, slack } from './sequence.ts';

/** Higher Order Tracking Accuracy and its parts, all 0..1. */
export interface HotaScores {
  readonly hota: number;
  /** Detection accuracy, recall and precision. */
  readonly detA: number;
  readonly detRe: number;
  readonly detPr: number;
  /** Association accuracy, recall and precision. */
  readonly assA: number;
  readonly assRe: number;
  readonly assPr: number;
  /** Mean IoU of the matches; 1 when there are none. */
  readonly locA: number;
}

/** The IoU thresholds over which scores are averaged: 0.05, 0.10, ... 0.95. */
export const hotaThresholds: readonly number[] = Array.from({ length: 19 }, (_, index) => (index + 1) / 20);

/** Sums over sequences at one threshold. */
interface Sums {
  truePositives: number;
  falseNegatives: number;
  falsePositives: number;
  association: number;
  associationRecall: number;
  associationPrecision: number;
  overlap: number;
}

/**
 * HOTA (Luiten et al., "HOTA: A Higher Order Metric for Evaluating Multi-Object Tracking", IJCV 129, 2021) as TrackEval
 * computes it, averaged over {@link hotaThresholds}. Several sequences are pooled: detections are summed, association
 * is weighted by matches.
 */
export function hota(sequences: readonly AlignedSequence[]): HotaScores {
  const sums = hotaThresholds.map(emptySums);
  for (const sequence of sequences) addSequence(sums, sequence);
  const scores = sums.map(scoresOf);
  const mean = (value: (score: HotaScores) => number): number =>
    scores.reduce((total, score) => total + value(score), 0) / scores.length;
  return {
    hota: mean((score) => score.hota),
    detA: mean((score) => score.detA),
    detRe: mean((score) => score.detRe),
    detPr: mean((score) => score.detPr),
    assA: mean((score) => score.assA),
    assRe: mean((score) => score.assRe),
    assPr: mean((score) => score.assPr),
    locA: mean((score) => score.locA),
  };
}

function emptySums(): Sums {
  return {
    truePositives: 0,
    falseNegatives: 0,
    falsePositives: 0,
    association: 0,
    associationRecall: 0,
    associationPrecision: 0,
    overlap: 0,
  };
}

function scoresOf(sums: Sums): HotaScores {
  const { truePositives, falseNegatives, falsePositives } = sums;
  const detA = truePositives / Math.max(1, truePositives + falseNegatives + falsePositives);
  const assA = sums.association / Math.max(1, truePositives);
  return {
    hota: Math.sqrt(detA * assA),
    detA,
    detRe: truePositives / Math.max(1, truePositives + falseNegatives),
    detPr: truePositives / Math.max(1, truePositives + falsePositives),
    assA,
    assRe: sums.associationRecall / Math.max(1, truePositives),
    assPr: sums.associationPrecision / Math.max(1, truePositives),
    locA: truePositives === 0 ? 1 : sums.overlap / truePositives,
  };
}

function addSequence(sums: readonly Sums[], sequence: AlignedSequence): void {
  const { frames, truthIds, trackedIds } = sequence;
  const truthCounts = new Float64Array(truthIds);
  const trackedCounts = new Float64Array(trackedIds);
  for (const frame of frames) {
    for (const id of frame.truth) truthCounts[id]! += 1;
    for (const id of frame.tracked) trackedCounts[id]! += 1;
  }
  const affinity = globalAffinity(sequence, truthCounts, trackedCounts);
  const matches = sums.map(() => new Float64Array(truthIds * trackedIds));

  for (const { truth, tracked, overlap } of frames) {
    const cost = Float64Array.from(overlap, (value, at) => {
      const row = Math.floor(at / tracked.length);
      return -value * affinity[truth[row]! * trackedIds + tracked[at % tracked.length]!]!;
    });
    const columnOf = assign(cost, truth.length, tracked.length);
    sums.forEach((sum, level) => {
      let found = 0;
      columnOf.forEach((column, row) => {
        if (column < 0) return;
        const value = overlap[row * tracked.length + column]!;
        if (value < hotaThresholds[level]! - slack) return;
        found++;
        sum.overlap += value;
        matches[level]![truth[row]! * trackedIds + tracked[column]!]! += 1;
      });
      sum.truePositives += found;
      sum.falseNegatives += truth.length - found;
      sum.falsePositives += tracked.length - found;
    });
  }

  sums.forEach((sum, level) => {
    matches[level]!.forEach((count, pair) => {
      if (count === 0) return;
      const inTruth = truthCounts[Math.floor(pair / trackedIds)]!;
      const inTracked = trackedCounts[pair % trackedIds]!;
      sum.association += (count * count) / (inTruth + inTracked - count);
      sum.associationRecall += (count * count) / inTruth;
      sum.associationPrecision += (count * count) / inTracked;
    });
  });
}

/** How well each true identity fits each tracked one over the whole sequence; it guides the matching of frames. */
function globalAffinity(
  { frames, truthIds, trackedIds }: AlignedSequence,
  truthCounts: Float64Array,
  trackedCounts: Float64Array,
): Float64Array {
  const potential = new Float64Array(truthIds * trackedIds);
  for (const { truth, tracked, overlap } of frames) {
    const rowSums = new Float64Array(truth.length);
    const columnSums = new Float64Array(tracked.length);
    overlap.forEach((value, at) => {
      rowSums[Math.floor(at / tracked.length)]! += value;
      columnSums[at % tracked.length]! += value;
    });
    overlap.forEach((value, at) => {
      const row = Math.floor(at / tracked.length);
      const column = at % tracked.length;
      const among = rowSums[row]! + columnSums[column]! - value;
      if (among > slack) potential[truth[row]! * trackedIds + tracked[column]!]! += value / among;
    });
  }
  return potential.map((value, pair) => {
    const inTruth = truthCounts[Math.floor(pair / trackedIds)]!;
    const inTracked = trackedCounts[pair % trackedIds]!;
    return value / (inTruth + inTracked - value);
  });
}
