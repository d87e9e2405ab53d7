import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../../../core/digest.ts';
import { TidewaiterError } from '../../../core/errors.ts';
import { jobKind, type JobKind, type RunningJob } from '../../../platform/jobs/kind.ts';
import { append } from '../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { Settings } from '../../../platform/settings/settings.ts';
import { checkIn, checkOut, type MadeFile } from '../../../platform/vault-files.ts';
import { needsReview, redactFile } from '../job.ts';
import {
  inWorkFolder,
  madeFiles,
  platformEngine,
  safeExtension,
  safeStem,
  sourceAsset,
} from '../made-files.ts';
import { pathsFor } from '../outputs.ts';
import { formatPlan } from '../plan.ts';
import { reasonTable } from '../reasons.ts';
import { chainFileName } from '../record/seal.ts';
import { readEdits } from '../records.ts';
import { applyEdits } from './apply.ts';
import { BaseStore } from './base-store.ts';

const releaseInput = z.strictObject({
  release: z.uuid(),
  /** The review that it is made from and its source, for who looks at the job. */
  review: z.uuid().optional(),
  asset: z.uuid().optional(),
});

/** Signs the records of releases. */
export const recordKeys = 'redaction-records';

/** Renders a release of a review into its case: output, plan, record, log, report, and the chain that seals them. */
export function releaseJob(settings: Settings, platform: () => Platform): JobKind {
  return jobKind({
    queue: 'redaction.release',
    use: 'redaction',
    input: releaseInput,
    concurrency: settings.jobs.redaction,
    retries: 2,
    run: (job) => render(platform(), job),
  });
}

async function render(platform: Platform, job: RunningJob<z.output<typeof releaseInput>>): Promise<object> {
  const { db } = platform;
  const release = await db
    .selectFrom('redaction_releases')
    .selectAll()
    .where('id', '=', job.input.release)
    .executeTakeFirstOrThrow();
  const review = await db
    .selectFrom('redaction_reviews')
    .selectAll()
    .where('id', '=', release.review_id)
    .executeTakeFirstOrThrow();
  const asset = await sourceAsset(platform, review.asset_id);
  const base = await new BaseStore(platform).read(review.base_asset_id);
  const edits = await readEdits(db, review.id, { upTo: release.revision });
  const plan = formatPlan(applyEdits(base, edits, release.name));
  if (sha256(plan) !== release.plan_sha256) throw otherPlan();
  return inWorkFolder(platform, 'release', async (folder) => {
    const input = join(folder, `source${safeExtension(asset.name)}`);
    await checkOut(platform, asset.id, input, job.signal);
    const stem = `${safeStem(asset.name)}.${release.name}`;
    const outputs = pathsFor(join(folder, `${stem}.redacted.${base.plan.output.container}`));
    const reasons = review.reasons === null ? {} : { reasons: reasonTable(review.reasons) };
    const outcome = await redactFile(
      {
        ...{ input, outputs, plan, engine: platformEngine(job.permit) },
        settings: { profile: review.profile, ...reasons },
        key: await platform.keys.signing(recordKeys),
      },
      { signal: job.signal, onProgress: job.progress, permit: job.permit },
    );
    if (outcome.record?.plan.sha256 !== release.plan_sha256) throw otherPlan();
    const chain: MadeFile = {
      path: join(folder, chainFileName),
      name: `${stem}.${chainFileName}`,
      mediaType: 'application/jsonl',
      role: 'record',
    };
    const files: Record<string, string> = {};
    for (const [what, file] of Object.entries({ ...madeFiles(outputs, stem), chain }))
      files[what] = await checkIn(platform, { ...job, caseId: review.case_id }, file, asset.id);
    const result = needsReview(outcome) ? 'needs-review' : 'done';
    await db.transaction().execute(async (tx) => {
      const kept = await tx
        .updateTable('redaction_releases')
        .set({ outcome: result, files: JSON.stringify(files) })
        .where('id', '=', release.id)
        .where('outcome', 'is', null)
        .executeTakeFirst();
      if (kept.numUpdatedRows !== 1n) return;
      await append(tx, {
        kind: 'redaction.rendered',
        at: platform.now(),
        actor: 'system',
        siteId: review.site_id,
        subjects: {
          ...{ case: review.case_id, review: review.id, release: release.id, job: job.id },
          ...(files['output'] === undefined ? {} : { asset: files['output'] }),
        },
        facts: { plan: release.plan_sha256, outcome: result },
      });
    });
    return { release: release.id, ...files, needsReview: result === 'needs-review' };
  });
}

/** Another version of the program would render something else than what people saw and approved. */
function otherPlan(): TidewaiterError {
  return new TidewaiterError(
    'E_RELEASE_PLAN',
    'What would be rendered is not the plan that was asked for',
    'Ask for the release again, and look at its plan.',
  );
}
