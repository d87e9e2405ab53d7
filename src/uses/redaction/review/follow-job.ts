import { join } from 'node:path';
import { z } from 'zod';
import type { FrameObservations, Observation } from '../../../core/observation.ts';
import type { Progress } from '../../../core/progress.ts';
import type { Seconds } from '../../../core/time.ts';
import { jobKind, type JobKind, type RunningJob } from '../../../platform/jobs/kind.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { Settings } from '../../../platform/settings/settings.ts';
import { checkOut } from '../../../platform/vault-files.ts';
import { runTask } from '../job.ts';
import { inWorkFolder, safeExtension, sourceAsset } from '../made-files.ts';
import { BaseStore } from './base-store.ts';
import type { FollowReport } from './edit.ts';
import { followReport } from './follow-report.ts';

/** A box somebody drew, and the span in which what is in it is to be followed. */
export const followInput = z.strictObject({
  review: z.uuid(),
  at: z.number(),
  box: z.tuple([z.number(), z.number(), z.number().positive(), z.number().positive()]),
  class: z.string().max(80).optional(),
  from: z.number(),
  to: z.number(),
});
type FollowInput = z.output<typeof followInput>;

/** What a running job tells: how far it is, and what is known so far. */
export type FollowProgress = Progress & { readonly followed: FollowReport };

/** Follows what is in a box through the source of a review; proposes keyframes and changes nothing. */
export function followJob(settings: Settings, platform: () => Platform): JobKind {
  return jobKind({
    queue: 'redaction.follow',
    use: 'redaction',
    input: followInput,
    concurrency: settings.jobs.redaction,
    retries: 1,
    run: (job) => followBox(platform(), job),
  });
}

async function followBox(platform: Platform, job: RunningJob<FollowInput>): Promise<FollowReport> {
  const { at, box, from, to, class: name } = job.input;
  const review = await platform.db
    .selectFrom('redaction_reviews')
    .selectAll()
    .where('id', '=', job.input.review)
    .executeTakeFirstOrThrow();
  const asset = await sourceAsset(platform, review.asset_id);
  const { clip } = await new BaseStore(platform).read(review.base_asset_id);
  const seen = await seenBetween(platform, asset, from, to);
  const [x, y, width, height] = box;
  return inWorkFolder(platform, 'follow', async (folder) => {
    const input = join(folder, `source${safeExtension(asset.name)}`);
    await checkOut(platform, asset.id, input, job.signal);
    const result = await runTask(
      {
        task: 'follow',
        input,
        request: {
          ...{ at, from, to, seen, ...clip, box: { x, y, width, height } },
          ...(name === undefined ? {} : { class: name }),
        },
      },
      {
        signal: job.signal,
        onFollowed: (followed) => {
          const progress: FollowProgress = {
            ...{ stage: 'follow', unit: 'frames', done: followed.boxes.length, at },
            followed: followReport(followed),
          };
          job.progress(progress);
        },
      },
    );
    if (result.task !== 'follow') throw new TypeError('following was answered with something else');
    return followReport(result.followed);
  });
}

/** What detectors saw in a span of an asset, by frame. */
async function seenBetween(
  { db }: Platform,
  asset: { readonly id: string; readonly created_at: Date },
  from: Seconds,
  to: Seconds,
): Promise<FrameObservations[]> {
  const moment = (time: Seconds, roomMs: number): Date =>
    new Date(asset.created_at.getTime() + time * 1000 + roomMs);
  const rows = await db
    .selectFrom('observations')
    .select(['at', 'class', 'score', 'box', 'model', 'model_digest'])
    .where('asset_id', '=', asset.id)
    .where('seen_at', '>=', moment(from, -1000))
    .where('seen_at', '<=', moment(to, 1000))
    .orderBy('at')
    .execute();
  const frames = Map.groupBy(rows, (row) => row.at);
  return [...frames].map(([time, group], frame) => ({
    ...{ frame, time },
    observations: group.map((row): Observation => ({
      ...{ class: row.class, score: row.score, box: row.box },
      model: { id: row.model, digest: row.model_digest },
    })),
  }));
}
