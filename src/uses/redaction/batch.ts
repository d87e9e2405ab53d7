import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { sha256File } from '../../core/digest.ts';
import { permitStamp } from '../../core/permit.ts';
import type { SigningKey } from '../../core/signing-key.ts';
import { TidewaiterError, toErrorReport, type ErrorReport } from '../../core/errors.ts';
import { writeSummary } from './batch-summary.ts';
import type { EngineOptions } from './engine.ts';
import { redactableFile, redactFile, type JobHooks, type RedactOutcome } from './job.ts';
import { outputContainer, pathsIn, type OutputPaths } from './outputs.ts';
import { settingsDigest } from './record/digests.ts';
import { isSealed } from './record/seal.ts';
import { readRecord, type RedactionRecord } from './record/schema.ts';
import type { RedactionSettings } from './settings.ts';

/** A folder of mixed files to redact into another folder of the same shape. */
export interface BatchJob {
  /** Folders and files; folders are read with all that is below them. */
  readonly inputs: readonly string[];
  readonly folder: string;
  readonly settings: RedactionSettings;
  readonly engine: EngineOptions;
  readonly container?: string;
  readonly force?: boolean;
  /** As in a {@link RedactJob}. */
  readonly check?: boolean;
  readonly key?: SigningKey;
}

/** What became of one file of a batch. */
export type BatchItem =
  | {
      readonly input: string;
      readonly state: 'done';
      readonly output: string;
      readonly outcome: RedactOutcome;
    }
  | {
      readonly input: string;
      readonly state: 'kept';
      readonly output: string;
      readonly record: RedactionRecord;
    }
  | { readonly input: string; readonly state: 'failed'; readonly error: ErrorReport };

/**
 * Redacts one file after the other. A file whose record says that it was done with these settings, from these bytes,
 * is kept; a bad file is noted and the next one begun. Only a cancel ends the run early. At the end a list of all files is
 * written beside the outputs.
 * @param onItem called when a file is finished; hooks' progress speaks of the file under way.
 * @param redact what redacts one file: here, or at a platform.
 */
export async function redactBatch(
  job: BatchJob,
  onItem: (item: BatchItem, index: number, count: number) => void | Promise<void>,
  hooks: JobHooks = {},
  redact: typeof redactFile = redactFile,
): Promise<BatchItem[]> {
  const files = await listFiles(job.inputs, job.folder);
  const items: BatchItem[] = [];
  const taken = new Set<string>();
  for (const [index, file] of files.entries()) {
    hooks.signal?.throwIfAborted();
    const item = await redactOne(job, file, taken, hooks, redact);
    items.push(item);
    await onItem(item, index, files.length);
  }
  await writeSummary(job.folder, items);
  return items;
}

async function redactOne(
  job: BatchJob,
  file: BatchFile,
  taken: Set<string>,
  hooks: JobHooks,
  redact: typeof redactFile,
): Promise<BatchItem> {
  const { input } = file;
  try {
    const kind = await redactableFile(input);
    const container = outputContainer(kind, job.container);
    const outputs = pathsIn(join(job.folder, file.below), input, container, file.distinct);
    claim(outputs.media, input, taken);
    const record = await recordAt(outputs.record);
    if (job.force !== true && record !== undefined && (await isDone(input, outputs, record, job))) {
      return { input, state: 'kept', output: outputs.media, record };
    }
    // An output with a record of this source is our own, made with other settings or from other bytes.
    const replace = job.force === true || record?.source.file === basename(input);
    const outcome = await redact(
      {
        input,
        outputs,
        settings: job.settings,
        engine: job.engine,
        force: replace,
        ...(job.check === undefined ? {} : { check: job.check }),
        ...(job.key === undefined ? {} : { key: job.key }),
      },
      hooks,
    );
    return { input, state: 'done', output: outputs.media, outcome };
  } catch (error) {
    if (hooks.signal?.aborted === true) throw error;
    return { input, state: 'failed', error: toErrorReport(error) };
  }
}

/** Two inputs of one run must not write the same output: the second would replace the first. */
function claim(output: string, input: string, taken: Set<string>): void {
  const path = resolve(output);
  if (taken.has(path)) {
    throw new TidewaiterError(
      'E_OUTPUT_CLASH',
      `${input} would be written to ${output}, as another file of this run was`,
      'Redact it on its own, into another folder.',
    );
  }
  taken.add(path);
}

async function recordAt(path: string): Promise<RedactionRecord | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : readRecord(text);
}

async function isDone(
  input: string,
  outputs: OutputPaths,
  record: RedactionRecord,
  { settings, engine, check, key }: BatchJob,
): Promise<boolean> {
  if (record.settings !== settingsDigest(settings)) return false;
  if (check !== false && record.check === undefined) return false;
  // A record in no chain may be anybody's. What a run left unsealed when it died is made again, and not signed unseen.
  if (key !== undefined && !(await isSealed(outputs.record))) return false;
  // What was made without a permit is made again under one, and the other way round.
  if (record.stamp !== permitStamp(engine.permit)) return false;
  const [source, output] = await Promise.all([stat(input), stat(outputs.media).catch(() => undefined)]);
  if (output?.size !== record.output.bytes || source.size !== record.source.bytes) return false;
  const sameSource = record.source.sha256 === (await sha256File(input));
  return sameSource && record.output.sha256 === (await sha256File(outputs.media));
}

interface BatchFile {
  readonly input: string;
  /** Folder of the file below the input folder. */
  readonly below: string;
  /** True when another file of the folder has the same name but for its extension. */
  readonly distinct: boolean;
}

/** Each file once, in the order of names, without hidden ones and without what lies in the output folder. */
async function listFiles(inputs: readonly string[], outputFolder: string): Promise<BatchFile[]> {
  const found: { input: string; below: string }[] = [];
  for (const input of inputs) {
    const status = await stat(input).catch(() => {
      throw new TidewaiterError('E_NOT_FOUND', `${input} does not exist`, 'Check the name.');
    });
    if (!status.isDirectory()) {
      found.push({ input, below: '' });
      continue;
    }
    if (resolve(input) === resolve(outputFolder)) {
      throw new TidewaiterError(
        'E_OUTPUT_IS_INPUT',
        `${input} is to be read and written to, so that outputs would be taken for sources`,
        'Choose another output folder.',
      );
    }
    for (const path of await filesBelow(input, resolve(outputFolder))) {
      found.push({ input: path, below: dirname(relative(input, path)) });
    }
  }
  const seen = new Set<string>();
  const files = found.filter(({ input }) => {
    const path = resolve(input);
    const isNew = !seen.has(path);
    seen.add(path);
    return isNew;
  });
  const stem = ({ input, below }: { input: string; below: string }): string =>
    join(below, basename(input, extname(input))).toLowerCase();
  const counts = new Map<string, number>();
  for (const file of files) counts.set(stem(file), (counts.get(stem(file)) ?? 0) + 1);
  return files.map((file) => ({ ...file, distinct: (counts.get(stem(file)) ?? 0) > 1 }));
}

async function filesBelow(folder: string, excluded: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new TidewaiterError(
      'E_ACCESS',
      `The folder ${folder} may not be read`,
      'Ask for the right to read it.',
      {
        cause: error,
      },
    );
  });
  const paths: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || resolve(path) === excluded) continue;
    if (entry.isDirectory()) paths.push(...(await filesBelow(path, excluded)));
    else paths.push(path);
  }
  return paths;
}
