import { openVideo, type VideoFrame } from '../../../media/video/index.ts';
import { CutDetector, cutThumbnail } from '../../../vision/track/scene-cut.ts';
import type { Engine } from '../engine.ts';
import { RegionTimeline, type PlacedRegion } from '../timeline.ts';
import type { AnalyseHooks } from '../work.ts';
import { planDoubts } from './doubts.ts';
import { FillCheck } from './fill.ts';
import { fillFinding, leftoverFinding } from './findings.ts';
import type { CheckRequest } from './index.ts';
import { LookSchedule } from './look-schedule.ts';
import { OutputLooks } from './output-looks.ts';
import { ranked } from './rank.ts';
import type { CheckReport } from './report.ts';

/** Looks under way at once: enough to keep two inference threads busy while a third frame is prepared. */
const PARALLEL_LOOKS = 3;

/** Checks every frame of a rendered video. */
export async function checkVideo(
  request: CheckRequest,
  engine: Engine,
  hooks: AnalyseHooks,
): Promise<CheckReport> {
  const { output, plan } = request;
  const reader = await openVideo(output, hooks.signal === undefined ? {} : { signal: hooks.signal });
  const timeline = new RegionTimeline(plan);
  const fills = new FillCheck(plan);
  const looks = new OutputLooks(request, engine, hooks.onLook);
  const schedule = new LookSchedule(plan, engine.effort);
  const cutDetector = new CutDetector();
  const cuts: number[] = [];
  let newest: { frame: VideoFrame; placed: readonly PlacedRegion[] } | undefined;
  let first = 0;
  let decoded = 0;
  const closeScene = (): void => {
    const kind = newest && schedule.closing();
    if (newest !== undefined && kind !== undefined) looks.start(newest.frame, newest.placed, kind);
  };
  try {
    for await (const frame of reader.frames({ threads: 1 })) {
      const { index, time } = frame;
      if (index === 0) first = time;
      const placed = timeline.at(time);
      const surface = frame.surface();
      if (surface !== undefined) fills.look(surface, placed, time);
      await request.onFrame?.(frame, time);
      const isCut = cutDetector.push(frame.readLuma(cutThumbnail.width, cutThumbnail.height)) && index > 0;
      if (isCut) {
        closeScene();
        cuts.push(time);
        looks.cut(time);
      }
      if (newest !== undefined && schedule.wantsBefore(time)) looks.start(newest.frame, newest.placed, 'no');
      const due = schedule.due(time, isCut);
      if (due !== undefined) looks.start(frame, placed, due);
      frame.retain();
      newest?.frame.release();
      newest = { frame, placed };
      await looks.settle(PARALLEL_LOOKS);
      decoded = index + 1;
      const total = reader.info.frameCountEstimate;
      hooks.onProgress?.({
        stage: 'check',
        done: decoded,
        unit: 'frames',
        at: time,
        ...(total === undefined ? {} : { total }),
      });
    }
    closeScene();
    await looks.settle(0);
  } finally {
    await looks.abandon();
    newest?.frame.release();
  }
  await hooks.onLooked?.();
  const last = newest?.frame.time ?? first;
  const { findings, unlisted } = ranked([
    ...fills.missing.map(fillFinding),
    ...looks.leftovers().map(leftoverFinding),
    ...planDoubts(plan, { first, last, cuts }),
  ]);
  return {
    status: findings.some(({ level }) => level === 'leak') ? 'needs-review' : 'clean',
    method: { everyFrames: engine.effort.every, models: [...engine.models] },
    frames: { decoded, ...looks.counts },
    fills: fills.counts,
    findings,
    unlisted,
  };
}
