import { iou, type PixelBox } from '../../core/box.ts';

/** A box of one frame with the identity it was given; no two boxes of a frame share an identity. */
export interface IdentifiedBox {
  readonly id: number | string;
  readonly box: PixelBox;
}

/** The identified boxes of each frame. Frames without boxes may be left out. */
export type TrackSequence = ReadonlyMap<number, readonly IdentifiedBox[]>;

/** One frame of truth beside one frame of tracker output, identities replaced by numbers from 0. */
export interface AlignedFrame {
  readonly truth: readonly number[];
  readonly tracked: readonly number[];
  /** IoU of every true (row) with every tracked box (column). */
  readonly overlap: Float64Array;
}

/** A sequence of truth with a tracker's output for it: what all tracking measures are computed from. */
export interface AlignedSequence {
  /** Frames in which either side has a box, in order. */
  readonly frames: readonly AlignedFrame[];
  /** Number of identities on each side. */
  readonly truthIds: number;
  readonly trackedIds: number;
}

/**
 * Lays a tracker's output beside the truth.
 * @throws RangeError when an identity occurs twice in a frame.
 */
export function alignSequences(truth: TrackSequence, tracked: TrackSequence): AlignedSequence {
  const truthNumbers = new Map<number | string, number>();
  const trackedNumbers = new Map<number | string, number>();
  const numbers = [...new Set([...truth.keys(), ...tracked.keys()])].sort((a, b) => a - b);
  const frames = numbers.map((frame): AlignedFrame => {
    const rows = truth.get(frame) ?? [];
    const columns = tracked.get(frame) ?? [];
    return {
      truth: numbered(rows, truthNumbers, frame),
      tracked: numbered(columns, trackedNumbers, frame),
      overlap: Float64Array.from(rows.flatMap((row) => columns.map((column) => iou(row.box, column.box)))),
    };
  });
  return { frames, truthIds: truthNumbers.size, trackedIds: trackedNumbers.size };
}

function numbered(
  boxes: readonly IdentifiedBox[],
  numbers: Map<number | string, number>,
  frame: number,
): number[] {
  const found = boxes.map(({ id }) => {
    const number = numbers.get(id) ?? numbers.size;
    numbers.set(id, number);
    return number;
  });
  if (new Set(found).size < found.length) throw new RangeError(`an identity occurs twice in frame ${frame}`);
  return found;
}

/** Slack of comparisons with a threshold, as in TrackEval. */
export const slack = Number.EPSILON;
