import { assign } from '../assignment.ts';
import { type AlignedSequence, slack } from './sequence.ts';

/** Identity measures, 0..1, and the counts they come from. */
export interface IdentityScores {
  readonly idf1: number;
  /** Recall and precision. */
  readonly idr: number;
  readonly idp: number;
  readonly idTruePositives: number;
  readonly idFalsePositives: number;
  readonly idFalseNegatives: number;
}

/**
 * IDF1, IDP and IDR (Ristani et al., "Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking", ECCV
 * workshops 2016): true and tracked identities are paired one to one so that the most boxes agree. Several sequences are
 * pooled by adding their counts.
 * @param threshold lowest IoU at which two boxes agree.
 */
export function identityScores(sequences: readonly AlignedSequence[], threshold = 0.5): IdentityScores {
  let agreed = 0;
  let trueBoxes = 0;
  let trackedBoxes = 0;
  for (const sequence of sequences) {
    agreed += agreedBoxes(sequence, threshold);
    for (const { truth, tracked } of sequence.frames) {
      trueBoxes += truth.length;
      trackedBoxes += tracked.length;
    }
  }
  return {
    idf1: (2 * agreed) / Math.max(1, trueBoxes + trackedBoxes),
    idr: agreed / Math.max(1, trueBoxes),
    idp: agreed / Math.max(1, trackedBoxes),
    idTruePositives: agreed,
    idFalsePositives: trackedBoxes - agreed,
    idFalseNegatives: trueBoxes - agreed,
  };
}

function agreedBoxes({ frames, truthIds, trackedIds }: AlignedSequence, threshold: number): number {
  const agreements = new Float64Array(truthIds * trackedIds);
  for (const { truth, tracked, overlap } of frames) {
    overlap.forEach((value, at) => {
      if (value < threshold - slack) return;
      const row = Math.floor(at / tracked.length);
      agreements[truth[row]! * trackedIds + tracked[at % tracked.length]!]! += 1;
    });
  }
  const pairOf = assign(
    agreements.map((count) => -count),
    truthIds,
    trackedIds,
  );
  return pairOf.reduce(
    (sum, column, row) => sum + (column < 0 ? 0 : agreements[row * trackedIds + column]!),
    0,
  );
}
