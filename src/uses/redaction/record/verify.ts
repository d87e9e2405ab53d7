import type { KeyObject } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { canonicalJson } from '../../../core/canonical-json.ts';
import { checkChain, type ChainEntry, type CheckedChain, type CheckedLine } from '../../../core/chain.ts';
import { sha256File } from '../../../core/digest.ts';
import { TidewaiterError } from '../../../core/errors.ts';
import { chainProblems, lineProblem } from './chain-problems.ts';
import { chainFileName, filesOf } from './seal.ts';
import { readRecord } from './schema.ts';

/**
 * `intact`: all of it is as it was sealed. `altered`: something is not. `unsealed`: no line of the chain speaks of it:
 * either the run stopped before it was sealed, or the end of the chain was removed, or it was put there.
 */
export type SealState = 'intact' | 'altered' | 'unsealed';

/** One record and its files, or a file that belongs to none. */
export interface VerifiedItem {
  readonly state: SealState;
  /** Name of the output, or of the file that belongs to no record. */
  readonly file: string;
  readonly record?: string;
  /** What the chain says of it. */
  readonly sealed?: { readonly line: number; readonly time: string; readonly fingerprint: string };
  /** What is wrong, in sentences that name the file. */
  readonly problems: readonly string[];
}

/** One folder with its chain. */
export interface VerifiedFolder {
  readonly folder: string;
  readonly chain: {
    readonly lines: number;
    readonly sound: boolean;
    readonly problems: readonly string[];
    /** Fingerprints of the keys that signed. */
    readonly signers: readonly string[];
  };
  readonly items: readonly VerifiedItem[];
}

/** True when nothing is wrong in a folder. */
export function isIntact({ chain, items }: VerifiedFolder): boolean {
  return chain.sound && items.every(({ state }) => state === 'intact');
}

/**
 * Checks a folder's chain from its first line to its last, and the files that its newest lines speak of.
 * @param keys see {@link checkChain}.
 * @param names only what has to do with these files; all of the folder when absent.
 */
export async function verifyFolder(
  folder: string,
  keys?: readonly KeyObject[],
  names?: readonly string[],
): Promise<VerifiedFolder> {
  const bytes = await readFile(join(folder, chainFileName)).catch(() => undefined);
  const chain = checkChain(bytes ?? new Uint8Array(), keys);
  const newest = newestLines(chain);
  const wanted = names ?? (await sealableFiles(folder));
  const items: VerifiedItem[] = [];
  for (const line of newest) {
    const own = Object.values(line.entry.files).map(({ file }) => file);
    if (names === undefined || names.some((name) => own.includes(name) || name === chainFileName))
      items.push(await verifyLine(folder, line));
  }
  const known = new Set([
    chainFileName,
    ...newest.flatMap(({ entry }) => Object.values(entry.files).map(({ file }) => file)),
  ]);
  for (const name of wanted) {
    if (!known.has(name)) items.push(await strayFile(folder, name, chain));
  }
  return {
    folder,
    chain: {
      lines: chain.lines.length,
      sound: chain.sound && chain.lines.length > 0,
      problems: chainProblems(chain),
      signers: [...new Set(chain.lines.flatMap(({ entry }) => entry?.fingerprint ?? []))],
    },
    items,
  };
}

type ReadableLine = CheckedLine & { readonly entry: ChainEntry };

/** For each record the last line about it: the others are superseded. */
function newestLines({ lines }: CheckedChain): ReadableLine[] {
  const newest = new Map<string, ReadableLine>();
  for (const line of lines) {
    const name = line.entry?.files['record']?.file;
    if (name !== undefined) newest.set(name, line as ReadableLine);
  }
  return [...newest.values()];
}

async function verifyLine(folder: string, line: ReadableLine): Promise<VerifiedItem> {
  const { entry, number } = line;
  const problems = line.problem === undefined ? [] : [lineProblem(line)];
  for (const [role, { file, sha256: sealed }] of Object.entries(entry.files)) {
    const found = await digestOf(folder, file);
    if (found === undefined) problems.push(`${file} (${role}) is missing`);
    else if (found !== sealed) problems.push(`${file} (${role}) is not the file that was sealed`);
  }
  const record = entry.files['record'];
  if (problems.length === 0 && record !== undefined)
    problems.push(...(await disagreement(folder, entry, record)));
  return {
    state: problems.length === 0 ? 'intact' : 'altered',
    file: entry.files['output']?.file ?? record?.file ?? '',
    ...(record === undefined ? {} : { record: record.file }),
    sealed: { line: number, time: entry.time, fingerprint: entry.fingerprint },
    problems,
  };
}

/** A line and its record must name the same files: whoever sealed it may have lied in one of them. */
async function disagreement(
  folder: string,
  entry: ChainEntry,
  own: NonNullable<ChainEntry['files'][string]>,
): Promise<string[]> {
  const record = readRecord(await readFile(join(folder, own.file), 'utf8'));
  if (record === undefined) return [`${own.file} (record) is not a record of this version`];
  return canonicalJson(filesOf(record, own)) === canonicalJson(entry.files)
    ? []
    : [`${own.file} (record) speaks of other files than the chain`];
}

/** Undefined when there is no such file in the folder, or it cannot be read. */
async function digestOf(folder: string, file: string): Promise<string | undefined> {
  if (basename(file) !== file) return undefined;
  return sha256File(join(folder, file)).catch(() => undefined);
}

async function strayFile(folder: string, name: string, chain: CheckedChain): Promise<VerifiedItem> {
  const digest = await digestOf(folder, name);
  const twins = chain.lines.flatMap(({ entry }) =>
    Object.values(entry?.files ?? {}).filter((file) => file.sha256 === digest),
  );
  const twin = twins[0]?.file;
  const isRecord = name.endsWith(recordEnding);
  const reason =
    twin !== undefined
      ? `${name} holds what was sealed as ${twin}${twin === name ? ', and a later record replaced it' : ''}`
      : isRecord
        ? `${name} is not in the chain: the run stopped before it was sealed, or the end of the chain was removed`
        : `${name} is in no line of the chain`;
  return {
    state: 'unsealed',
    file: name,
    ...(isRecord ? { record: name } : {}),
    problems: [reason],
  };
}

const recordEnding = '.record.json';

/** Names that only a redaction gives: each must be in the chain. */
async function sealableFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .filter((name) => name.endsWith(recordEnding) || /\.redacted\.\w+$/.test(name))
    .sort();
}

/** What to verify: folders, each with the files that were asked for; all of a folder when there are none. */
export type VerifyTargets = ReadonlyMap<string, readonly string[] | undefined>;

/**
 * Sorts what a person named by folder. A folder stands for itself and for the folders below it that hold something to
 * verify.
 * @throws TidewaiterError `E_NOT_FOUND`, `E_VERIFY_NOTHING`.
 */
export async function verifyTargets(paths: readonly string[]): Promise<VerifyTargets> {
  const targets = new Map<string, readonly string[] | undefined>();
  for (const path of paths) {
    const status = await stat(path).catch(() => {
      throw new TidewaiterError('E_NOT_FOUND', `${path} does not exist`, 'Check the name.');
    });
    if (status.isDirectory()) {
      for (const folder of await sealedFolders(path)) targets.set(folder, undefined);
    } else if (!status.isFile()) {
      throw new TidewaiterError(
        'E_VERIFY_NOTHING',
        `${path} is neither a file nor a folder`,
        'Give the folder that redact wrote to.',
      );
    } else if (!targets.has(dirname(path)) || targets.get(dirname(path)) !== undefined) {
      targets.set(dirname(path), [...(targets.get(dirname(path)) ?? []), basename(path)]);
    }
  }
  return targets;
}

async function sealedFolders(top: string): Promise<string[]> {
  const entries = await readdir(top, { withFileTypes: true, recursive: true });
  const folders = [
    top,
    ...entries.filter((entry) => entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name)),
  ];
  const holding = new Set(
    entries
      .filter(({ name }) => name === chainFileName || name.endsWith(recordEnding))
      .map(({ parentPath }) => parentPath),
  );
  const found = folders.filter((folder) => holding.has(folder)).sort();
  if (found.length > 0) return found;
  throw new TidewaiterError(
    'E_VERIFY_NOTHING',
    `${top} holds neither a chain nor a record`,
    'Give the folder that redact wrote to.',
  );
}
