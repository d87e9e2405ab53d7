import { open, readFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isSigned, nextLine, parseLine, type ChainEntry, type ChainTip } from '../../../core/chain.ts';
import { sha256 } from '../../../core/digest.ts';
import { systemCode, TidewaiterError } from '../../../core/errors.ts';
import type { SigningKey } from '../../../core/signing-key.ts';
import { withLock } from './lock.ts';
import { readRecord, type RedactionRecord } from './schema.ts';

/** The chain of a folder, beside the records it seals. */
export const chainFileName = 'tidewaiter-chain.jsonl';
const lockFileName = '.tidewaiter-chain.lock';

/** More than the longest line: five names of 255 bytes, each byte escaped as six. */
const TAIL_BYTES = 1 << 16;

export interface SealRequest {
  /** Path of a record that is published under its final name, as are the files it speaks of. */
  readonly record: string;
  readonly key: SigningKey;
  /** Given by the caller; it is written down, not proved. */
  readonly now: Date;
}

/**
 * Appends a signed line for a record to the chain of its folder, and returns when it is on the disk. A line for an older
 * record of the same name stays, and the new one supersedes it. Processes that seal at once take turns.
 *
 * When the process dies before this returns, the record is there and not in the chain: verification says `unsealed`. Make it
 * again then: signing what lies there would vouch for whatever was put there meanwhile.
 * @throws TidewaiterError `E_RECORD`, `E_CHAIN`, `E_CHAIN_LOCKED`.
 */
export async function sealRecord({ record: path, key, now }: SealRequest): Promise<ChainEntry> {
  const text = await readFile(path, 'utf8');
  const record = readRecord(text);
  if (record === undefined) {
    throw new TidewaiterError('E_RECORD', `${path} is not a record of this version`, 'Make it again.');
  }
  const files = filesOf(record, { file: basename(path), sha256: sha256(text) });
  const folder = dirname(path);
  const chain = join(folder, chainFileName);
  return withLock(join(folder, lockFileName), async () => {
    const handle = await open(chain, 'a+');
    try {
      const { end, tip } = await findTip(handle, chain);
      const line = nextLine(tip, files, key, now.toISOString());
      await append(handle, end, `${line}\n`);
      if (tip === undefined) await syncFolder(folder);
      return parseLine(line)!;
    } finally {
      await handle.close();
    }
  });
}

/** The files a record speaks of, as a chain names them. The source is elsewhere, and stays there. */
export function filesOf(record: RedactionRecord, own: ChainEntry['files'][string]): ChainEntry['files'] {
  const { output, plan, attachments } = record;
  return {
    record: own,
    output: { file: output.file, sha256: output.sha256 },
    plan: { file: plan.file, sha256: plan.sha256 },
    ...Object.fromEntries(
      attachments.map(({ kind, file, sha256: digest }) => [kind, { file, sha256: digest }]),
    ),
  };
}

/**
 * Whether the newest line that the chain of its folder has for a record is about the record as it is now, and soundly
 * signed by whomever. The other lines and files are not looked at: `tidewaiter verify` does that.
 */
export async function isSealed(path: string): Promise<boolean> {
  const [record, chain] = await Promise.all(
    [path, join(dirname(path), chainFileName)].map((file) => readFile(file).catch(() => undefined)),
  );
  if (record === undefined || chain === undefined) return false;
  const name = JSON.stringify(basename(path));
  const own = chain
    .toString()
    .split('\n')
    .filter((line) => line.includes(name));
  const newest = own.map(parseLine).findLast((entry) => entry?.files['record']?.file === basename(path));
  return newest?.files['record']?.sha256 === sha256(record) && isSigned(newest);
}

/** The last line, and where the chain ends. What follows the last line end was not written whole and counts for nothing. */
async function findTip(
  handle: FileHandle,
  path: string,
): Promise<{ end: number; tip: ChainTip | undefined }> {
  const { size } = await handle.stat();
  const from = Math.max(0, size - TAIL_BYTES);
  const tail = Buffer.alloc(size - from);
  await handle.read(tail, 0, tail.length, from);
  const last = tail.lastIndexOf('\n');
  if (last < 0 && from === 0) return { end: 0, tip: undefined };
  const line = tail.subarray(tail.lastIndexOf('\n', last - 1) + 1, last).toString();
  const entry = last < 0 ? undefined : parseLine(line);
  if (entry !== undefined) return { end: from + last + 1, tip: { index: entry.index, line } };
  throw new TidewaiterError(
    'E_CHAIN',
    `The last line of ${path} was changed, so nothing can be added to it`,
    'Run tidewaiter verify on the folder; write to another folder meanwhile.',
  );
}

/** Leaves the chain as it was when the line cannot be written whole. */
async function append(handle: FileHandle, end: number, line: string): Promise<void> {
  await handle.truncate(end);
  try {
    await handle.appendFile(line);
    await handle.sync();
  } catch (error) {
    await handle.truncate(end).catch(() => undefined);
    throw error;
  }
}

/** A new file is safe only when its folder is; not every file system can do it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  try {
    await handle?.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EPERM', 'EISDIR'].includes(systemCode(error) ?? '')) throw error;
  } finally {
    await handle?.close();
  }
}
