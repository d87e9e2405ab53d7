import { openPicture, PicturePyramid } from '../../../media/picture/index.ts';
import type { Engine } from '../engine.ts';
import { RegionTimeline } from '../timeline.ts';
import type { AnalyseHooks } from '../work.ts';
import { FillCheck } from './fill.ts';
import { fillFinding, leftoverFinding } from './findings.ts';
import type { CheckRequest } from './index.ts';
import { leastOnce, type Leftover } from './leftovers.ts';
import { ranked } from './rank.ts';
import type { CheckReport } from './report.ts';
import { Scope } from './scope.ts';
import { leftOver } from './sightings.ts';
import { WithoutMasks } from './without-masks.ts';

/**
 * A picture is seen once, so a leftover is as sure as its one score: surer than what a plan takes for a thing, since what
 * the plan just did not see is likely to come out on the other side of the limit in a picture that was written again.
 */
const SURE = 0.6;

/** Checks a rendered picture. */
export async function checkPicture(
  request: CheckRequest,
  engine: Engine,
  hooks: AnalyseHooks,
): Promise<CheckReport> {
  const { output, plan } = request;
  const picture = await openPicture(output);
  hooks.signal?.throwIfAborted();
  const placed = new RegionTimeline(plan).at(0);
  const fills = new FillCheck(plan);
  fills.look(picture.surface, placed, 0);
  await request.onFrame?.(picture, 0);
  const observations = await engine.detector.look(
    new WithoutMasks(new PicturePyramid(picture), placed),
    'still',
  );
  hooks.onLook?.({ frame: 0, time: 0, observations });
  const scope = new Scope(plan, request.settings, engine.chosenClasses);
  const leftovers = leftOver(observations, placed, 0, plan, scope)
    .filter(({ score }) => score >= leastOnce)
    .map((sighting): Leftover => ({
      class: sighting.class,
      sightings: [sighting],
      level: sighting.score >= SURE ? 'leak' : 'doubt',
    }));
  hooks.onProgress?.({ stage: 'check', done: 1, total: 1, unit: 'pictures' });
  const { findings, unlisted } = ranked([
    ...fills.missing.map(fillFinding),
    ...leftovers.map(leftoverFinding),
  ]);
  return {
    status: findings.some(({ level }) => level === 'leak') ? 'needs-review' : 'clean',
    method: { everyFrames: 1, models: [...engine.models] },
    frames: { decoded: 1, detected: 1, read: engine.effort.text === undefined ? 0 : 1 },
    fills: fills.counts,
    findings,
    unlisted,
  };
}
