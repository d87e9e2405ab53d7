import { createReadStream } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod';
import type { FrameObservations } from '../../../core/observation.ts';
import { sniffFile } from '../../../media/sniff.ts';
import { jobKind, type JobKind, type RunningJob } from '../../../platform/jobs/kind.ts';
import { append } from '../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { Settings } from '../../../platform/settings/settings.ts';
import type { DatabaseTransaction } from '../../../platform/store/database.ts';
import {
  forgetObservations,
  keepObservations,
  preparePartitions,
  type NewObservation,
} from '../../../platform/store/observations.ts';
import { vaultErased } from '../../../platform/vault/errors.ts';
import { checkIn, checkOut } from '../../../platform/vault-files.ts';
import { redactFile, runTask } from '../job.ts';
import { inWorkFolder, platformEngine, safeExtension, safeStem, sourceAsset } from '../made-files.ts';
import { outputContainer, pathsIn } from '../outputs.ts';
import { parsePlan, type RedactionPlan } from '../plan.ts';
import { findProfile, knownClasses } from '../profile.ts';
import { reasonTable } from '../reasons.ts';
import { exposingStyles, styles } from '../styles.ts';
import type { ReviewBase, ReviewRules } from './base.ts';
import { glancesAt } from './similar-looks.ts';
import { sightings } from './sightings.ts';

const analysisInput = z.strictObject({
  review: z.uuid(),
  /** Its source, for who looks at the job. */
  asset: z.uuid().optional(),
});

/** Rows that are kept at once. */
const BATCH = 2_000;

/** Looks at the asset of a review: keeps what was seen, and what the profile proposes. */
export function analysisJob(settings: Settings, platform: () => Platform): JobKind {
  return jobKind({
    queue: 'redaction.analyse',
    use: 'redaction',
    input: analysisInput,
    concurrency: settings.jobs.redaction,
    retries: 2,
    run: (job) => analyse(platform(), job),
  });
}

async function analyse(platform: Platform, job: RunningJob<z.output<typeof analysisInput>>): Promise<object> {
  const review = await platform.db
    .selectFrom('redaction_reviews')
    .selectAll()
    .where('id', '=', job.input.review)
    .executeTakeFirstOrThrow();
  const asset = await sourceAsset(platform, review.asset_id);
  return inWorkFolder(platform, 'analyse', async (folder) => {
    const stem = safeStem(asset.name);
    const input = join(folder, `${stem}${safeExtension(asset.name)}`);
    await checkOut(platform, asset.id, input, job.signal);
    const outputs = pathsIn(folder, input, outputContainer(await sniffFile(input)));
    const table = review.reasons === null ? undefined : reasonTable(review.reasons);
    // Kept aside until the tracks are known, so that a long recording takes no more memory than a short one.
    const seenPath = join(folder, 'seen.jsonl');
    const seen = await open(seenPath, 'wx', 0o600);
    const outcome = await redactFile(
      {
        input,
        outputs,
        settings: { profile: review.profile, ...(table === undefined ? {} : { reasons: table }) },
        engine: platformEngine(job.permit),
        planOnly: true,
      },
      {
        signal: job.signal,
        onProgress: job.progress,
        permit: job.permit,
        onSeen: (frame) => seen.appendFile(`${JSON.stringify(frame)}\n`),
      },
    ).finally(() => seen.close());
    if (outcome.clip === undefined) throw new TypeError('an analysis ended without the times of its clip');
    const plan = parsePlan(await readFile(outputs.plan, 'utf8'));
    const base: ReviewBase = {
      ...{ format: 'tidewaiter-review', version: 1, plan, clip: outcome.clip },
      rules: rulesOf(review.profile, plan, table?.reasons),
      ...(plan.source.kind === 'video' ? { looks: await looksOf(input, plan, job) } : {}),
      notes: outcome.notes,
    };
    const basePath = join(folder, 'review.json.gz');
    await writeFile(basePath, await promisify(gzip)(JSON.stringify(base)), { flag: 'wx', mode: 0o600 });
    const name = `${stem}.review.json.gz`;
    const baseId = await checkIn(
      platform,
      { ...job, caseId: review.case_id },
      { path: basePath, name, mediaType: 'application/gzip', role: 'record' },
      asset.id,
    );
    const began = asset.created_at;
    const last = new Date(began.getTime() + base.clip.last * 1000);
    await preparePartitions(platform.db, began, last);
    const observations = await platform.db.transaction().execute(async (tx) => {
      // Two tries of this job may come so far; the one that opens the review keeps what it saw.
      const opened = await tx
        .updateTable('redaction_reviews')
        .set({ state: 'open', base_asset_id: baseId })
        .where('id', '=', review.id)
        .where('state', '=', 'analysing')
        .executeTakeFirst();
      if (opened.numUpdatedRows !== 1n) return 0;
      // Whoever erases it waits for this lock, and then finds what is kept below.
      const { erased_at: erased } = await tx
        .selectFrom('assets')
        .select('erased_at')
        .where('id', '=', asset.id)
        .forShare()
        .executeTakeFirstOrThrow();
      if (erased !== null) throw vaultErased(asset.id);
      const digests = plan.models.map(({ digest }) => digest);
      await forgetObservations(tx, [asset.id], digests);
      const where = { siteId: review.site_id, assetId: asset.id, began };
      const count = await keepAll(tx, seenPath, sightings(plan, where));
      await append(tx, {
        kind: 'redaction.analysed',
        at: platform.now(),
        actor: 'system',
        siteId: review.site_id,
        subjects: { case: review.case_id, asset: asset.id, review: review.id, job: job.id },
        facts: { regions: plan.regions.length, observations: count },
      });
      return count;
    });
    return { review: review.id, regions: outcome.regions, notes: outcome.notes, observations };
  });
}

/** What tracks look like, to tell where one may be seen again. */
async function looksOf(
  input: string,
  plan: RedactionPlan,
  { signal, progress }: Pick<RunningJob<unknown>, 'signal' | 'progress'>,
): Promise<ReviewBase['looks'] & object> {
  const task = { task: 'looks' as const, input, glances: glancesAt(plan) };
  const result = await runTask(task, { signal, onProgress: progress });
  if (result.task !== 'looks') throw new TypeError('looks were answered with something else');
  return result.looks;
}

/** Passes a file of frames on to the database, some thousands of rows at a time. */
async function keepAll(
  tx: DatabaseTransaction,
  path: string,
  toRows: (frame: FrameObservations) => NewObservation[],
): Promise<number> {
  let [batch, count]: [NewObservation[], number] = [[], 0];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    batch.push(...toRows(JSON.parse(line) as FrameObservations));
    if (batch.length < BATCH) continue;
    await keepObservations(tx, batch);
    [batch, count] = [[], count + batch.length];
  }
  await keepObservations(tx, batch);
  return count + batch.length;
}

function rulesOf(profileName: string, plan: RedactionPlan, reasons: ReviewRules['reasons']): ReviewRules {
  const profile = findProfile(profileName);
  return {
    styles: styles.filter((style) => profile.allowReversible || !exposingStyles.has(style)),
    classes: [...new Set([...knownClasses, 'box', ...plan.regions.map((region) => region.class)])],
    ...(reasons === undefined ? {} : { reasons }),
    secondPerson: profile.secondPerson,
  };
}
