import { assign } from '../assignment.ts';
import { type AlignedSequence, slack } from './sequence.ts';

/** CLEAR MOT measures. Counts are over all sequences. */
export interface ClearScores {
  /** 1 - (misses + false positives + switches) / true boxes; may be negative. */
  readonly mota: number;
  /** Mean IoU of the matches, 0..1: the convention of TrackEval. (py-motmetrics prints 1 minus it.) */
  readonly motp: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  /** Matches of a true identity with another tracked identity than at its match before. */
  readonly identitySwitches: number;
  /** Times that following a true identity was taken up again after a break. */
  readonly fragmentations: number;
  /** True identities that are matched in more than 80 %, in 20 to 80 %, and in less than 20 % of their frames. */
  readonly mostlyTracked: number;
  readonly partlyTracked: number;
  readonly mostlyLost: number;
}

type Counts = { -readonly [Name in keyof Omit<ClearScores, 'mota' | 'motp'>]: number } & { overlap: number };

/** More than any sum of IoUs in a frame: a match that goes on is preferred to any new one. */
const continuity = 1000;

/**
 * CLEAR MOT (Bernardin and Stiefelhagen, EURASIP J. Image and Video Processing, 2008), with the track-quality counts of
 * Li, Huang and Nevatia (CVPR 2009), as TrackEval computes them. Several sequences are pooled by adding their counts.
 * @param threshold lowest IoU of a match.
 */
export function clearMot(sequences: readonly AlignedSequence[], threshold = 0.5): ClearScores {
  const counts: Counts = {
    truePositives: 0,
    falsePositives: 0,
    falseNegatives: 0,
    identitySwitches: 0,
    fragmentations: 0,
    mostlyTracked: 0,
    partlyTracked: 0,
    mostlyLost: 0,
    overlap: 0,
  };
  for (const sequence of sequences) addSequence(counts, sequence, threshold);
  const { overlap, ...shown } = counts;
  const { truePositives, falsePositives, falseNegatives, identitySwitches } = shown;
  return {
    mota: (truePositives - falsePositives - identitySwitches) / Math.max(1, truePositives + falseNegatives),
    motp: overlap / Math.max(1, truePositives),
    ...shown,
  };
}

/** What is remembered of each true identity. */
interface History {
  readonly frames: Float64Array;
  readonly matched: Float64Array;
  readonly beginnings: Float64Array;
  /** Tracked identity of the last match ever, and of the match in the frame before; -1 for none. */
  readonly last: Int32Array;
  previous: Int32Array;
}

function addSequence(counts: Counts, sequence: AlignedSequence, threshold: number): void {
  const history: History = {
    frames: new Float64Array(sequence.truthIds),
    matched: new Float64Array(sequence.truthIds),
    beginnings: new Float64Array(sequence.truthIds),
    last: new Int32Array(sequence.truthIds).fill(-1),
    previous: new Int32Array(sequence.truthIds).fill(-1),
  };
  for (const { truth, tracked, overlap } of sequence.frames) {
    for (const id of truth) history.frames[id]! += 1;
    const score = Float64Array.from(overlap, (value, at) => {
      if (value < threshold - slack) return Infinity;
      const goesOn =
        history.previous[truth[Math.floor(at / tracked.length)]!] === tracked[at % tracked.length];
      return -value - (goesOn ? continuity : 0);
    });
    const columnOf = assign(score, truth.length, tracked.length, 0);
    const found = countMatches(counts, history, truth, tracked, overlap, columnOf);
    counts.truePositives += found;
    counts.falseNegatives += truth.length - found;
    counts.falsePositives += tracked.length - found;
  }
  countQuality(counts, history);
}

function countMatches(
  counts: Counts,
  history: History,
  truth: readonly number[],
  tracked: readonly number[],
  overlap: Float64Array,
  columnOf: Int32Array,
): number {
  // TrackEval leaves the memory of the frame before as it is when a frame has boxes on one side only.
  if (truth.length === 0 || tracked.length === 0) return 0;
  const matchedNow = new Int32Array(history.previous.length).fill(-1);
  let found = 0;
  columnOf.forEach((column, row) => {
    if (column < 0) return;
    const id = truth[row]!;
    const other = tracked[column]!;
    found++;
    counts.overlap += overlap[row * tracked.length + column]!;
    if (history.last[id] !== -1 && history.last[id] !== other) counts.identitySwitches++;
    if (history.previous[id] === -1) history.beginnings[id]! += 1;
    history.matched[id]! += 1;
    history.last[id] = other;
    matchedNow[id] = other;
  });
  history.previous = matchedNow;
  return found;
}

function countQuality(counts: Counts, history: History): void {
  history.frames.forEach((frames, id) => {
    const share = history.matched[id]! / frames;
    if (share > 0.8) counts.mostlyTracked++;
    else if (share >= 0.2) counts.partlyTracked++;
    else counts.mostlyLost++;
    counts.fragmentations += Math.max(0, history.beginnings[id]! - 1);
  });
}
