import { extname, join } from 'node:path';
import { sniffFile } from '../../media/sniff.ts';
import { jobKind, type JobKind, type RunningJob } from '../../platform/jobs/kind.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Settings } from '../../platform/settings/settings.ts';
import { checkIn, checkOut } from '../../platform/vault-files.ts';
import { redactionInput, type RedactionInput } from './asked.ts';
import { needsReview, redactFile } from './job.ts';
import { inWorkFolder, madeFiles, platformEngine, safeExtension, sourceAsset } from './made-files.ts';
import { outputContainer, pathsIn } from './outputs.ts';
import { reasonTable } from './reasons.ts';
import { analysisJob } from './review/analysis-job.ts';
import { followJob } from './review/follow-job.ts';
import { releaseJob } from './review/release-job.ts';

/** All that redaction does in the background. */
export function redactionJobs(settings: Settings, platform: () => Platform): JobKind[] {
  return [
    redactionJob(settings, platform),
    analysisJob(settings, platform),
    releaseJob(settings, platform),
    followJob(settings, platform),
  ];
}

/** Redacts an asset of the vault into its case: output, plan, record, log and report. */
function redactionJob(settings: Settings, platform: () => Platform): JobKind {
  return jobKind({
    queue: 'redaction.redact',
    use: 'redaction',
    input: redactionInput,
    concurrency: settings.jobs.redaction,
    retries: 2,
    run: (job) => redact(platform(), job),
  });
}

async function redact(platform: Platform, job: RunningJob<RedactionInput>): Promise<object> {
  const { caseId, input: asked } = job;
  if (caseId === undefined) throw new TypeError('a redaction belongs to a case');
  const asset = await sourceAsset(platform, asked.asset);
  return inWorkFolder(platform, 'redact', async (folder) => {
    // Names come from outside; on disk the file gets one of ours, and keeps only its extension.
    const input = join(folder, `source${safeExtension(asset.name)}`);
    await checkOut(platform, asset.id, input, job.signal);
    const outputs = pathsIn(folder, input, outputContainer(await sniffFile(input)));
    const reasons = asked.reasons === undefined ? {} : { reasons: reasonTable(asked.reasons) };
    const outcome = await redactFile(
      {
        input,
        outputs,
        settings: { profile: asked.profile, ...reasons },
        engine: platformEngine(job.permit),
      },
      { signal: job.signal, onProgress: job.progress, permit: job.permit },
    );
    const made: Record<string, string> = {};
    const stem = asset.name.slice(0, asset.name.length - extname(asset.name).length);
    for (const [what, file] of Object.entries(madeFiles(outputs, stem)))
      made[what] = await checkIn(platform, { ...job, caseId }, file, asset.id);
    return { ...made, regions: outcome.regions, notes: outcome.notes, needsReview: needsReview(outcome) };
  });
}
