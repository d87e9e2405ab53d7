import type { PixelBox } from '../../core/box.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { IdentifiedBox, TrackSequence } from './sequence.ts';

/** One line of a MOTChallenge file (Leal-Taixé et al., "MOTChallenge 2015", arXiv 1504.01942, section 3.3). */
export interface MotRow {
  /** Counted from 1. */
  readonly frame: number;
  /** Identity; -1 in files of detections. */
  readonly id: number;
  readonly box: PixelBox;
  /** A detector's confidence; in truth 0 says that the box is not to be counted. */
  readonly confidence: number;
}

/**
 * Reads the comma-separated lines `frame, id, left, top, width, height, confidence, ...`; empty lines are skipped.
 * @throws TidewaiterError `E_MOT_FORMAT` that names the line.
 */
export function parseMot(text: string): MotRow[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const fields = line.split(',').slice(0, 7).map(parseField);
    if (fields.length < 7 || fields.some((field) => !Number.isFinite(field))) {
      throw new TidewaiterError(
        'E_MOT_FORMAT',
        `Line ${index + 1} does not begin with seven numbers`,
        'Give lines of frame, id, left, top, width, height, confidence, separated by commas.',
      );
    }
    const [frame, id, x, y, width, height, confidence] = fields as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return [{ frame, id, box: { x, y, width, height }, confidence }];
  });
}

function parseField(field: string): number {
  return field.trim() === '' ? Number.NaN : Number(field);
}

/** The rows of a tracker's file as a sequence. */
export function motTracks(rows: readonly MotRow[]): TrackSequence {
  const sequence = new Map<number, IdentifiedBox[]>();
  for (const { frame, id, box } of rows) {
    const boxes = sequence.get(frame) ?? [];
    boxes.push({ id, box });
    sequence.set(frame, boxes);
  }
  return sequence;
}

/** The rows of a truth file as a sequence, without those flagged 0: a tracker is not expected to find them. */
export function motTruth(rows: readonly MotRow[]): TrackSequence {
  return motTracks(rows.filter((row) => row.confidence !== 0));
}
