import { createHash, type KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { systemCode } from '../../core/errors.ts';
import { verifyBytes } from '../../core/signing-key.ts';
import { readArchive, type ReadEntry } from './archive.ts';
import { bundleError, damagedBundle } from './errors.ts';

/** SHA-256 of every other file, as `sha256sum` writes it, and the signature over that. */
export const SUMS = 'SHA256SUMS';
export const SIGNATURE = 'SHA256SUMS.sig';
const LONGEST_LIST = 64 << 20;

/** What a bundle was found to be. */
export interface VerifiedBundle {
  readonly folder: string;
  readonly files: number;
}

/**
 * Checks a bundle against the key of who is trusted: that its list was signed with it, and that its files are those of the list, all of
 * them and no other. Reads it once, in blocks, and unpacks nothing.
 * @throws TidewaiterError `E_BUNDLE` when it cannot be read, `E_BUNDLE_DAMAGED` naming what was changed.
 */
export async function verifyBundle(
  file: string,
  key: KeyObject,
  signal: AbortSignal,
): Promise<VerifiedBundle> {
  const found = new Map<string, string>();
  const kept = new Map<string, Buffer>();
  let folder: string | undefined;
  for await (const entry of readArchive(await openArchive(file, signal))) {
    const [, top = '', path = ''] = /^(tidewaiter-[\w.-]+)\/(.+)$/.exec(entry.path) ?? [];
    folder ??= top;
    const strange = path === '' || top !== folder || path.split('/').some((part) => /^\.{0,2}$/.test(part));
    if (strange) throw damagedBundle(`${entry.path} has no place in it`);
    if (found.has(path) || kept.has(path)) throw damagedBundle(`${path} is there twice`);
    if (path === SUMS || path === SIGNATURE) kept.set(path, await whole(entry));
    else found.set(path, await digestOf(entry));
  }
  const [list, signature] = [kept.get(SUMS), kept.get(SIGNATURE)];
  if (folder === undefined || list === undefined || signature === undefined)
    throw damagedBundle(`${SUMS} or its signature is missing`);
  compare(parse(list), found);
  // After the files, so that one which was changed is named; nothing counts before this holds.
  if (!verifyBytes(list, key, signature))
    throw damagedBundle(`${SUMS} was changed, or another key signed it`);
  return { folder, files: found.size };
}

async function openArchive(file: string, signal: AbortSignal): Promise<AsyncIterable<Buffer>> {
  const start = Buffer.alloc(2);
  try {
    const handle = await open(file, 'r');
    await handle.read(start, 0, 2, 0).finally(async () => handle.close());
  } catch (error) {
    throw bundleError(`${file} cannot be read (${systemCode(error) ?? 'unknown reason'})`, 'Check its name.');
  }
  const bytes = createReadStream(file, { highWaterMark: 1 << 20, signal });
  if (start.readUInt16BE() !== 0x1f8b) return bytes;
  const unpacked = createGunzip();
  bytes.on('error', (error) => unpacked.destroy(error));
  return bytes.pipe(unpacked);
}

async function digestOf({ content }: ReadEntry): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk);
  return hash.digest('hex');
}

async function whole({ path, bytes, content }: ReadEntry): Promise<Buffer> {
  if (bytes > LONGEST_LIST) throw damagedBundle(`${path} is too large`);
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function parse(list: Buffer): Map<string, string> {
  const lines = list.toString().split('\n').slice(0, -1);
  return new Map(
    lines.map((line): [string, string] => {
      const [, digest, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
      if (digest === undefined || path === undefined) throw damagedBundle(`${SUMS} was changed`);
      return [path, digest];
    }),
  );
}

function compare(listed: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): void {
  for (const [path, digest] of listed) {
    const have = found.get(path);
    if (have === undefined) throw damagedBundle(`${path} is missing`);
    if (have !== digest) throw damagedBundle(`${path} was changed`);
  }
  for (const path of found.keys()) if (!listed.has(path)) throw damagedBundle(`${path} was added`);
}
