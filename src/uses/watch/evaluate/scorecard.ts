import { iou, type PixelBox } from '../../../core/box.ts';
import {
  alignSequences,
  assign,
  clearMot,
  hota,
  identityScores,
  motTruth,
  wilsonInterval,
  type Interval,
  type MotRow,
} from '../../../stats/index.ts';
import type { Alert } from '../alert.ts';
import type { CameraFile } from '../site/schema.ts';
import type { FrameTrace } from '../tasks.ts';
import { matchEntries, trueEntries, type EntryScore } from './entries.ts';

/** A share with what it was counted from and its 95 % interval (Wilson). */
export interface Rate extends Interval {
  readonly value: number;
  readonly hits: number;
  readonly n: number;
}

/** What a watch on an annotated clip is worth. */
export interface Scorecard {
  readonly frames: number;
  readonly entries: EntryScore & {
    readonly precision: Rate;
    readonly recall: Rate;
    readonly duplicatesPerEvent: number;
    readonly byRule: Readonly<Record<string, EntryScore>>;
  };
  /** Boxes of persons at IoU 0.5. */
  readonly detection: { readonly precision: Rate; readonly recall: Rate };
  readonly tracking: {
    readonly hota: number;
    readonly mota: number;
    readonly idf1: number;
    readonly switches: number;
    readonly identities: { readonly truth: number; readonly tracked: number };
  };
}

const sameBox = 0.5;

/**
 * Scores a replay of persons against annotation in MOT format. Frames of the trace that were not looked at are left out;
 * rows that the annotation says to ignore, and what was found on them, count on neither side.
 */
export function scoreReplay(
  rows: readonly MotRow[],
  traces: readonly FrameTrace[],
  alerts: readonly Alert[],
  camera: CameraFile,
  picture: { readonly width: number; readonly height: number },
): Scorecard {
  const times = new Map(traces.map(({ frame, time }) => [frame + 1, time]));
  const watched = rows.filter(({ frame }) => times.has(frame));
  const ignored = Map.groupBy(
    watched.filter(({ confidence }) => confidence === 0),
    ({ frame }) => frame,
  );
  const counts = (frame: number, box: PixelBox): boolean =>
    !(ignored.get(frame) ?? []).some((row) => iou(row.box, box) >= sameBox);
  const truth = motTruth(watched);
  const tracked = new Map(
    traces.map(({ frame, tracks }) => [
      frame + 1,
      tracks.filter((track) => track.class === 'person' && counts(frame + 1, track.box)),
    ]),
  );
  const aligned = [alignSequences(truth, tracked)];
  const clear = clearMot(aligned);
  return {
    frames: traces.length,
    entries: scoreEntries(watched, times, alerts, camera, picture),
    detection: scoreBoxes(truth, traces, counts),
    tracking: {
      hota: hota(aligned).hota,
      mota: clear.mota,
      idf1: identityScores(aligned).idf1,
      switches: clear.identitySwitches,
      identities: { truth: aligned[0]!.truthIds, tracked: aligned[0]!.trackedIds },
    },
  };
}

function scoreEntries(
  rows: readonly MotRow[],
  times: ReadonlyMap<number, number>,
  alerts: readonly Alert[],
  camera: CameraFile,
  picture: { readonly width: number; readonly height: number },
): Scorecard['entries'] {
  const truth = trueEntries(rows, camera, picture, (frame) => times.get(frame)!);
  const told = alerts
    .filter(({ reason, suppressed }) => reason.rule.kind === 'zone-entry' && suppressed === undefined)
    .map(({ reason, time }) => ({ rule: reason.rule.id, time }));
  const score = matchEntries(truth, told);
  const byRule = camera.rules
    .filter(({ kind }) => kind === 'zone-entry')
    .map(({ id }) => {
      const own = (entries: typeof truth): typeof truth => entries.filter(({ rule }) => rule === id);
      return [id, matchEntries(own(truth), own(told))] as const;
    });
  return {
    ...score,
    precision: rateOf(score.matched, score.alerts),
    recall: rateOf(score.matched, score.truth),
    duplicatesPerEvent: score.truth === 0 ? 0 : score.duplicates / score.truth,
    byRule: Object.fromEntries(byRule),
  };
}

function scoreBoxes(
  truth: ReturnType<typeof motTruth>,
  traces: readonly FrameTrace[],
  counts: (frame: number, box: PixelBox) => boolean,
): Scorecard['detection'] {
  let [hits, wanted, found] = [0, 0, 0];
  for (const { frame, observations } of traces) {
    const boxes = truth.get(frame + 1) ?? [];
    const persons = observations.filter((one) => one.class === 'person' && counts(frame + 1, one.box));
    const costs = Float64Array.from(
      boxes.flatMap((row) => persons.map((column) => 1 - iou(row.box, column.box))),
    );
    hits += assign(costs, boxes.length, persons.length, 1 - sameBox).filter((column) => column >= 0).length;
    wanted += boxes.length;
    found += persons.length;
  }
  return { precision: rateOf(hits, found), recall: rateOf(hits, wanted) };
}

function rateOf(hits: number, n: number): Rate {
  return { value: n === 0 ? Number.NaN : hits / n, hits, n, ...wilsonInterval(hits, n) };
}
