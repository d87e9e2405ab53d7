import { constants } from 'node:fs';
import { access, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import type { FrameObservations } from '../../core/observation.ts';
import type { ReportProgress } from '../../core/progress.ts';
import type { SigningKey } from '../../core/signing-key.ts';
import type { PermitSource } from '../../host/permit-source.ts';
import { runChild } from '../../host/run-child.ts';
import { sniffFile, type FileKind } from '../../media/sniff.ts';
import type { Followed } from '../../vision/follow/follow.ts';
import type { ClipTimes } from './check/doubts.ts';
import { frameCollectorOptions } from '../../host/collector.ts';
import type { EngineOptions, LookOptions } from './engine.ts';
import {
  checkOutput,
  outputFiles,
  sweepUnfinished,
  unfinished,
  type OutputFile,
  type OutputPaths,
} from './outputs.ts';
import { sealRecord } from './record/seal.ts';
import type { RedactionRecord } from './record/schema.ts';
import { checkedProfile, type RedactionSettings } from './settings.ts';
import {
  passes,
  type FileInWork,
  type Pass,
  type PassResults,
  type RedactTask,
  type WorkerMessage,
  type WorkerResult,
  type WorkerTask,
} from './tasks.ts';

/** One file to redact. */
export interface RedactJob {
  readonly input: string;
  readonly outputs: OutputPaths;
  readonly settings: RedactionSettings;
  readonly engine: EngineOptions;
  /** Text of a plan to render instead of analysing. */
  readonly plan?: string;
  /** Write the plan and nothing else. */
  readonly planOnly?: boolean;
  /** Replace an output that is there already. */
  readonly force?: boolean;
  /** Look at the output again before it is handed over. True by default. */
  readonly check?: boolean;
  /** Signs the record into the chain of its folder; without one it is not sealed. */
  readonly key?: SigningKey;
}

export interface JobHooks {
  readonly onProgress?: ReportProgress;
  readonly signal?: AbortSignal;
  /** What the workers' models run under, where that is leased. */
  readonly permit?: PermitSource | undefined;
  /** What the models see while the plan is made, in the order of time; no more comes before its promise settles. */
  readonly onSeen?: (seen: FrameObservations) => void | Promise<void>;
}

/** What became of a job. A job that only planned has no record. */
export interface RedactOutcome {
  readonly record?: RedactionRecord;
  readonly regions: RedactionRecord['regions'];
  readonly notes: readonly string[];
  /** What the analysis learnt of the file's time; absent when a plan was given. */
  readonly clip?: ClipTimes;
}

/** Whether a person has to look before the output may be handed over. */
export function needsReview({ record }: RedactOutcome): boolean {
  return record?.check?.status === 'needs-review';
}

/** Far above what any supported file takes; a file that makes a decoder take more is hostile. */
const MEMORY_LIMIT_BYTES = 6 * 2 ** 30;
/** Reading a very large file through for its digest says nothing for minutes. */
const STALL_SECONDS = 300;

/**
 * Redacts one file in a worker process. The output, its plan and its record appear under their names only when all of
 * them are whole, the output last; after a fault nothing is left but what was there before.
 * @throws TidewaiterError
 */
export async function redactFile(job: RedactJob, hooks: JobHooks = {}): Promise<RedactOutcome> {
  checkedProfile(job.settings);
  const file = await redactableFile(job.input);
  const { outputs } = job;
  await checkOutput(job.input, outputs, { force: job.force === true, planOnly: job.planOnly === true });
  await makeFolder(dirname(outputs.media));
  const files = filesInWork(outputs);
  const task: RedactTask = {
    task: 'redact',
    passes: passesOf(job),
    results: {},
    input: job.input,
    kind: file.kind,
    container: outputs.container,
    engine: job.engine,
    settings: job.settings,
    ...(job.plan === undefined ? {} : { plan: job.plan }),
    ...(hooks.onSeen === undefined ? {} : { deliver: true as const }),
    files,
  };
  try {
    await Promise.all(outputFiles.map((file) => sweepUnfinished(outputs[file])));
    const { record, regions, notes, clip } = await runPasses(task, hooks);
    const times = clip === undefined ? {} : { clip };
    if (record === undefined) {
      await publish(files.plan.path, outputs.plan);
      return { regions: regions ?? {}, notes: notes ?? [], ...times };
    }
    for (const file of outputFiles) await publish(files[file].path, outputs[file]);
    if (job.key !== undefined) await sealRecord({ record: outputs.record, key: job.key, now: new Date() });
    return { record, regions: record.regions, notes: record.notes, ...times };
  } catch (error) {
    throw await placeError(error, outputs.media);
  } finally {
    await Promise.all(Object.values(files).map(({ path }) => rm(path, { force: true })));
  }
}

function filesInWork(outputs: OutputPaths): RedactTask['files'] {
  const inWork = (file: OutputFile): FileInWork => ({
    path: unfinished(outputs[file]),
    name: basename(outputs[file]),
  });
  return {
    plan: inWork('plan'),
    log: inWork('log'),
    report: inWork('report'),
    record: inWork('record'),
    media: inWork('media'),
  };
}

function passesOf({ plan, planOnly, check }: RedactJob): Pass[] {
  if (planOnly === true) return ['plan'];
  const without = new Set<Pass>([
    ...(plan === undefined ? [] : ['plan' as const]),
    ...(check === false ? ['check' as const] : []),
  ]);
  return passes.filter((pass) => !without.has(pass));
}

/** A picture is opened once for all passes; each pass over a video starts with nothing in memory. */
async function runPasses(task: RedactTask, hooks: JobHooks): Promise<PassResults> {
  const shares = task.kind === 'picture' ? [task.passes] : apart(task.passes);
  let { results } = task;
  for (const share of shares) {
    const result = await runTask({ ...task, passes: share, results }, hooks, hooks.onSeen);
    if (result.task !== 'redact') throw new TypeError('a redaction was answered with a detection');
    ({ results } = result);
  }
  return results;
}

/** Each pass by itself, but for the record, which takes hardly anything and so goes with the last one. */
function apart(all: readonly Pass[]): Pass[][] {
  const single = all.filter((pass) => pass !== 'record').map((pass): Pass[] => [pass]);
  if (all.includes('record')) single.at(-1)?.push('record');
  return single;
}

/** One file to look at without changing or writing anything. */
export interface DetectJob {
  readonly input: string;
  readonly engine: EngineOptions;
  readonly look: LookOptions;
  readonly allowDamage: boolean;
}

/**
 * Says what the models see in a file.
 * @param onSeen called for each frame that was looked at, in the order of time; the next waits for its promise.
 */
export async function detectFile(
  job: DetectJob,
  onSeen: (seen: FrameObservations) => void | Promise<void>,
  hooks: JobHooks = {},
): Promise<Extract<WorkerResult, { task: 'detect' }>> {
  const { kind } = await redactableFile(job.input);
  const result = await runTask({ ...job, task: 'detect', kind }, hooks, onSeen);
  if (result.task !== 'detect') throw new TypeError('a detection was answered with a redaction');
  return result;
}

/** Runs one task in a worker process. */
export async function runTask(
  task: WorkerTask,
  hooks: JobHooks & { readonly onFollowed?: (followed: Followed) => void },
  onSeen?: (seen: FrameObservations) => void | Promise<void>,
): Promise<WorkerResult> {
  return runChild<WorkerTask, WorkerResult, WorkerMessage>({
    entry: new URL('./worker.ts', import.meta.url),
    params: task,
    memoryLimitBytes: MEMORY_LIMIT_BYTES,
    stallSeconds: STALL_SECONDS,
    execArgv: frameCollectorOptions,
    onMessage: (message) => {
      if (message.type === 'progress') hooks.onProgress?.(message.progress);
      else if (message.type === 'followed') hooks.onFollowed?.(message.followed);
      else return onSeen?.(message.seen);
    },
    ...(hooks.signal === undefined ? {} : { signal: hooks.signal }),
    ...(hooks.permit === undefined ? {} : { permit: hooks.permit }),
  });
}

/**
 * What a file is, when it is something that can be redacted.
 * @throws TidewaiterError `E_EMPTY`, `E_DOCUMENT`, `E_AUDIO_ONLY`, `E_FORMAT` and what cannot be opened.
 */
export async function redactableFile(
  input: string,
): Promise<FileKind & { readonly kind: 'video' | 'picture' }> {
  const file = await sniffFile(input);
  await access(input, constants.R_OK).catch(() => {
    throw new TidewaiterError('E_ACCESS', `${input} may not be read`, 'Ask for the right to read it.');
  });
  const { kind, format } = file;
  switch (kind) {
    case 'video':
    case 'picture':
      return { kind, format };
    case 'empty':
      throw new TidewaiterError('E_EMPTY', `${input} is empty`, 'Copy it again from where it came from.');
    case 'document':
      throw new TidewaiterError(
        'E_DOCUMENT',
        `${input} is a document (${format}), which is not redacted here`,
        'Use a document redaction tool; here pictures and video are redacted.',
      );
    case 'audio':
      throw new TidewaiterError(
        'E_AUDIO_ONLY',
        `${input} is sound without pictures (${format}), and speech is not recognised here`,
        'Use an audio editor, or give the video it belongs to and name spans with --mute or --bleep.',
      );
    default:
      throw new TidewaiterError(
        'E_FORMAT',
        `${input} is neither a picture nor a video (${format})`,
        'Give a JPEG, PNG, WebP, TIFF, AVIF, HEIC, MP4, MOV, MKV, WebM, AVI or MPEG-TS file.',
      );
  }
}

async function makeFolder(path: string): Promise<void> {
  await makeWithParents(path).catch((error: unknown) => {
    throw new TidewaiterError(
      'E_OUTPUT_FOLDER',
      `The folder ${path} cannot be made (${systemCode(error) ?? 'unknown reason'})`,
      'Choose an output folder that you may write to.',
      { cause: error },
    );
  });
  await access(path, constants.W_OK).catch(() => {
    throw new TidewaiterError(
      'E_OUTPUT_FOLDER',
      `The folder ${path} may not be written to`,
      'Choose an output folder that you may write to.',
    );
  });
}

/**
 * Node's own recursive mkdir never returns where a file system lets nobody make folders but says that they do not exist,
 * as proc and automounted folders do.
 */
async function makeWithParents(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (systemCode(error) === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (systemCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeWithParents(dirname(path));
    await mkdir(path);
  }
}

/** Gives a finished file its name once its bytes are on the disk. */
async function publish(from: string, to: string): Promise<void> {
  const handle = await open(from, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(from, to);
}

/** What a fault was caused by, where the place of the output is to blame. */
async function placeError(error: unknown, output: string): Promise<unknown> {
  const folder = dirname(output);
  const gone = (await stat(folder).catch(systemCode)) === 'ENOENT';
  if (gone && !(error instanceof TidewaiterError && error.code === 'E_CANCELLED'))
    return new TidewaiterError(
      'E_OUTPUT_FOLDER',
      `The folder ${folder} was taken away while it was written to`,
      'Run again, with a folder that stays.',
      { cause: error },
    );
  if (systemCode(error) !== 'ENOSPC') return error;
  return new TidewaiterError(
    'E_NO_SPACE',
    `There is no space left for ${output}`,
    'Free some space or choose another disk, and run again.',
    { cause: error },
  );
}

/** The text of a plan file. */
export async function readPlanFile(path: string): Promise<string> {
  // Opening a pipe that nobody writes to lasts for ever, and no signal ends it.
  if ((await stat(path).catch(() => undefined))?.isFile() === false)
    throw new TidewaiterError(
      'E_PLAN',
      `The plan ${path} is not a regular file`,
      'Give the path of a plan file.',
    );
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new TidewaiterError(
      'E_PLAN',
      `The plan ${path} cannot be read (${systemCode(error) ?? 'unknown reason'})`,
      'Give the path of a plan file.',
    );
  });
}
