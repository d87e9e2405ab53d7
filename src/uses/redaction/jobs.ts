import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { extname, join } from 'node:path';
import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { evaluationPermit } from '../../core/permit.ts';
import { sniffFile } from '../../media/sniff.ts';
import { defaultCacheDir } from '../../models/cache.ts';
import { jobKind, type JobKind, type RunningJob } from '../../platform/jobs/kind.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Settings } from '../../platform/settings/settings.ts';
import { checkIn, checkOut, type MadeFile } from '../../platform/vault-files.ts';
import { needsReview, redactFile } from './job.ts';
import { outputContainer, pathsIn, type OutputPaths } from './outputs.ts';
import { profileNames } from './profile.ts';
import { builtInReasonTables, reasonTable } from './reasons.ts';

/** What is asked of a redaction through the platform. */
export const redactionInput = z.strictObject({
  asset: z.uuid(),
  profile: z
    .string()
    .refine((name) => profileNames.includes(name), `one of ${profileNames.join(', ')}`)
    .default('standard'),
  reasons: z
    .string()
    .refine((name) => builtInReasonTables.includes(name), `one of ${builtInReasonTables.join(', ')}`)
    .optional()
    .describe('Table of reasons that is written into the record.'),
});
type RedactionInput = z.output<typeof redactionInput>;

/** Redacts an asset of the vault into its case: output, plan, record, log and report. */
export function redactionJob(settings: Settings, platform: () => Platform): JobKind {
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
  const { caseId } = job;
  if (caseId === undefined) throw new TypeError('a redaction belongs to a case');
  const asset = await platform.db
    .selectFrom('assets')
    .select(['id', 'name', 'erased_at'])
    .where('id', '=', job.input.asset)
    .executeTakeFirst();
  if (asset === undefined || asset.erased_at !== null)
    throw new TidewaiterError('E_VAULT_ERASED', 'The source is no longer there', 'Upload it again.');
  const work = join(platform.settings.data, 'work');
  await mkdir(work, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(work, 'redact-'));
  try {
    const input = join(folder, plainName(asset.name));
    await checkOut(platform, asset.id, input, job.signal);
    const outputs = pathsIn(folder, input, outputContainer(await sniffFile(input)));
    const outcome = await redactFile(
      {
        input,
        outputs,
        settings: {
          profile: job.input.profile,
          ...(job.input.reasons === undefined ? {} : { reasons: reasonTable(job.input.reasons) }),
        },
        engine: { permit: evaluationPermit, cacheDir: defaultCacheDir(process.env, homedir()), threads: 2 },
      },
      { signal: job.signal, onProgress: job.progress },
    );
    const made: Record<string, string> = {};
    for (const [what, file] of Object.entries(madeFiles(outputs, asset.name)))
      made[what] = await checkIn(platform, { ...job, caseId }, file, asset.id);
    return { ...made, regions: outcome.regions, notes: outcome.notes, needsReview: needsReview(outcome) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Names come from outside; on disk the file gets one of ours, and keeps only its extension. */
function plainName(name: string): string {
  const extension = extname(name).toLowerCase();
  return `source${/^\.[a-z0-9]{1,8}$/.test(extension) ? extension : ''}`;
}

const mediaTypes: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  tiff: 'image/tiff',
  avif: 'image/avif',
};

function madeFiles(outputs: OutputPaths, name: string): Record<string, MadeFile> {
  const stem = name.slice(0, name.length - extname(name).length);
  const { container } = outputs;
  const record = (path: string, ending: string, mediaType: string): MadeFile => ({
    path,
    name: `${stem}${ending}`,
    mediaType,
    role: 'record',
  });
  return {
    output: {
      path: outputs.media,
      name: `${stem}.redacted.${container}`,
      mediaType: mediaTypes[container] ?? 'application/octet-stream',
      role: 'output',
    },
    plan: record(outputs.plan, '.plan.json', 'application/json'),
    record: record(outputs.record, '.record.json', 'application/json'),
    log: record(outputs.log, '.exemptions.csv', 'text/csv'),
    report: record(outputs.report, '.record.pdf', 'application/pdf'),
  };
}
