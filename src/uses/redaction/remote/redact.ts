import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { sha256File } from '../../../core/digest.ts';
import { TidewaiterError } from '../../../core/errors.ts';
import { redactableFile, type redactFile, type RedactJob } from '../job.ts';
import { checkOutput, outputContainer, outputFiles, sweepUnfinished, unfinished } from '../outputs.ts';
import { readRecord } from '../record/schema.ts';
import { download, otherBytes } from './download.ts';
import { cancel, follow } from './follow.ts';
import type { Talk } from './talk.ts';
import { upload } from './upload.ts';

/** What the platform's job hands over: ids of assets. */
const madeSchema = z.object({
  output: z.uuid(),
  plan: z.uuid(),
  record: z.uuid(),
  log: z.uuid(),
  report: z.uuid(),
  notes: z.array(z.string()),
});

/** What a run at the platform is about. */
export interface RemoteRun {
  /** The case of this run; opened when it is first asked for. */
  readonly caseId: () => Promise<string>;
  /** Name of one of the built-in tables. */
  readonly reasons?: string;
  readonly tell: (line: string) => Promise<void>;
}

/**
 * Redacts files at a platform: source, job and outputs are in its case, and the outputs come here under the names that they would
 * have had. Nothing appears under them but what is whole and has the digests of the platform and of the record.
 * @returns what takes the place of `redactFile`.
 */
export function redactAt(talk: Talk, run: RemoteRun): typeof redactFile {
  return async (job, { onProgress } = {}) => {
    const { input, outputs } = job;
    const file = await redactableFile(input);
    if (outputContainer(file) !== outputs.container) throw otherContainer(outputContainer(file));
    await checkOutput(input, outputs, { force: job.force === true, planOnly: false });
    const source = await sha256File(input);
    const caseId = await run.caseId();
    const asset = await upload(talk, {
      caseId,
      input,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    if ((await talk.ask('getAsset', { params: { id: asset } })).sha256 !== source) throw otherBytes(asset);
    const id = await startJob(talk, { caseId, asset, reasons: run.reasons }, job);
    const made = await follow(talk, id, onProgress).catch(async (error: unknown) => {
      if (talk.stopped && !(await cancel(talk, id)))
        await run.tell(`Job ${id} could not be cancelled and goes on at the platform.`);
      throw error;
    });
    return fetchOutputs(talk, job, madeSchema.parse(made), source);
  };
}

async function startJob(
  talk: Talk,
  {
    caseId,
    asset,
    reasons,
  }: { readonly caseId: string; readonly asset: string; readonly reasons: string | undefined },
  { settings: { profile } }: RedactJob,
): Promise<string> {
  const list = async (): Promise<readonly { readonly id: string }[]> =>
    (await talk.once('listJobs', { query: { case: caseId, limit: 200 } })).items;
  const body = { asset, profile, ...(reasons === undefined ? {} : { reasons }) };
  return talk.make(list, async () => (await talk.once('startRedaction', { body })).job);
}

async function fetchOutputs(
  talk: Talk,
  { outputs }: RedactJob,
  made: z.output<typeof madeSchema>,
  source: string,
): ReturnType<typeof redactFile> {
  await mkdir(dirname(outputs.media), { recursive: true });
  await Promise.all(outputFiles.map((file) => sweepUnfinished(outputs[file])));
  const assets = { ...made, media: made.output };
  try {
    const digests: Record<string, string> = {};
    for (const file of outputFiles) {
      const path = unfinished(outputs[file]);
      await rm(path, { force: true });
      digests[file] = await download(talk, assets[file], path);
    }
    const record = readRecord(await readFile(unfinished(outputs.record), 'utf8'));
    if (record?.output.sha256 !== digests['media'] || record?.source.sha256 !== source)
      throw otherBytes(made.record);
    for (const file of outputFiles) await rename(unfinished(outputs[file]), outputs[file]);
    return { record, regions: record.regions, notes: made.notes };
  } finally {
    await Promise.all(outputFiles.map((file) => rm(unfinished(outputs[file]), { force: true })));
  }
}

function otherContainer(usual: string): TidewaiterError {
  return new TidewaiterError(
    'E_PLATFORM_OPTION',
    `The platform writes this file as .${usual}`,
    `Name an output that ends in .${usual}, or work without the platform with --alone.`,
  );
}
