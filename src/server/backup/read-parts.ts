import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { BLOCK_BYTES, paddingOf, parseTarHeader } from './tar.ts';
import { partLine, PIECE_BYTES, type PartsTally } from './write-parts.ts';

/** A part of a backup. */
export interface Part {
  readonly name: string;
  /** What was read comes verified only in so far as the end is reached: read to the end before you rely on it. */
  readonly content: AsyncIterable<Buffer>;
  /** What came before this part. */
  readonly before: PartsTally;
}

/**
 * The parts that `PartsWriter` wrote, in order. Every byte is checked; what nobody reads of a part is read here.
 * @throws TidewaiterError `E_BACKUP_DAMAGED`, `E_CANCELLED`; `E_BACKUP` when the file cannot be opened.
 */
export async function* readParts(path: string, signal: AbortSignal): AsyncGenerator<Part> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw new TidewaiterError(
      'E_BACKUP',
      `${path} cannot be read (${systemCode(error) ?? 'unknown reason'})`,
      'Check its name and permissions.',
    );
  });
  try {
    const list = createHash('sha256');
    let [parts, total] = [0, 0];
    let entry = await readEntry(handle);

    const readPart = async function* (name: string): AsyncGenerator<Buffer> {
      const hash = createHash('sha256');
      let bytes = 0;
      for (let index = 0; ; index++) {
        throwIfStopped(signal);
        if (entry?.part !== name) throw damaged(`the part ${name} breaks off`);
        const { label, content } = entry;
        if (label === 'sha256') {
          const digest = hash.digest('hex');
          if (content.toString('latin1') !== `${digest}\n`) throw damaged(`the part ${name} was changed`);
          list.update(partLine(name, bytes, digest));
          parts += 1;
          total += bytes;
          entry = await readEntry(handle);
          return;
        }
        if (Number(label) !== index) throw damaged(`pieces of the part ${name} are missing`);
        hash.update(content);
        bytes += content.length;
        yield content;
        entry = await readEntry(handle);
      }
    };

    while (entry !== undefined) {
      const name: string = entry.part;
      const content = readPart(name);
      yield { name, content, before: { parts, bytes: total, digest: list.copy().digest('hex') } };
      for await (const _ of content);
    }
  } finally {
    await handle.close();
  }
}

/** Text of a part that is small. */
export async function textOf({ name, content }: Part): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of content) {
    if (pieces.push(piece) > 16) throw damaged(`the part ${name} is too large`);
  }
  return Buffer.concat(pieces).toString('utf8');
}

export function damaged(what: string): TidewaiterError {
  return new TidewaiterError(
    'E_BACKUP_DAMAGED',
    `The backup cannot be used: ${what}`,
    'Copy it again from where it was kept, or use another backup.',
  );
}

/** @throws TidewaiterError `E_CANCELLED`. */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new TidewaiterError('E_CANCELLED', 'The work was stopped', 'Start it again.');
}

interface Entry {
  readonly part: string;
  /** Number of the piece, or `sha256`. */
  readonly label: string;
  readonly content: Buffer;
}

/** Undefined at the end of the archive, after which nothing may come. */
async function readEntry(handle: FileHandle): Promise<Entry | undefined> {
  const block = await readBytes(handle, BLOCK_BYTES);
  if (isZero(block)) {
    const rest = await readUpTo(handle, BLOCK_BYTES + 1);
    if (rest.length === BLOCK_BYTES && isZero(rest)) return undefined;
    throw damaged('its end was changed');
  }
  const header = parseTarHeader(block);
  const [, part, label] = /^([a-z0-9_/-]+)\/(\d{6,}|sha256)$/.exec(header?.name ?? '') ?? [];
  if (header === undefined || part === undefined || label === undefined || header.bytes > PIECE_BYTES) {
    throw damaged('it is no backup of Tidewaiter, or it was changed');
  }
  const content = await readBytes(handle, header.bytes);
  if (!isZero(await readBytes(handle, paddingOf(header.bytes)))) throw damaged('it was changed');
  return { part, label, content };
}

async function readBytes(handle: FileHandle, count: number): Promise<Buffer> {
  const bytes = await readUpTo(handle, count);
  if (bytes.length < count) throw damaged('it breaks off');
  return bytes;
}

async function readUpTo(handle: FileHandle, count: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(count);
  let read = 0;
  while (read < count) {
    const { bytesRead } = await handle.read(buffer, read, count - read, null);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return buffer.subarray(0, read);
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}
