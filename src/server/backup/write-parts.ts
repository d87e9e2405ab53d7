import { createHash } from 'node:crypto';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { syncFolder } from '../../platform/secrets/durable.ts';
import { BLOCK_BYTES, paddingOf, tarHeader } from './tar.ts';

/** How much of a part is held in memory, and so lies in one entry of the archive. */
export const PIECE_BYTES = 4 << 20;

/** What a backup holds so far. */
export interface PartsTally {
  readonly parts: number;
  readonly bytes: number;
  /** SHA-256 over a line `SHA-256 bytes name` for each part, in their order. */
  readonly digest: string;
}

/**
 * Writes parts of any length into a tar archive. As their lengths are not known before they end, a part `NAME` is the
 * entries `NAME/000000`, `NAME/000001`, ... of at most 4 MiB, one after the other, and `NAME/sha256` with the digest of
 * them together. The file has its name only when it is whole.
 */
export class PartsWriter {
  readonly #file: string;
  readonly #draft: string;
  readonly #handle: FileHandle;
  readonly #now: Date;
  readonly #list = createHash('sha256');
  #parts = 0;
  #bytes = 0;

  private constructor(file: string, draft: string, handle: FileHandle, now: Date) {
    this.#file = file;
    this.#draft = draft;
    this.#handle = handle;
    this.#now = now;
  }

  /** @throws TidewaiterError `E_BACKUP`. */
  static async create(path: string, now: Date): Promise<PartsWriter> {
    const file = resolve(path);
    const draft = `${file}.unfinished`;
    if ((await stat(file).catch(() => undefined)) !== undefined) {
      throw backupError(`${path} is there already`, 'Choose another name.');
    }
    const handle = await open(draft, 'wx', 0o600).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw writeError(error, path);
      throw backupError(
        `${draft} exists: a backup of that name is being made, or one was broken off`,
        'Remove that file when nothing writes to it, or choose another name.',
      );
    });
    return new PartsWriter(file, draft, handle, now);
  }

  /** Adds a part, in constant memory. */
  async part(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const hash = createHash('sha256');
    let [index, bytes] = [0, 0];
    for await (const piece of piecesOf(content)) {
      hash.update(piece);
      bytes += piece.length;
      await this.#entry(`${name}/${String(index).padStart(6, '0')}`, piece);
      index += 1;
    }
    const digest = hash.digest('hex');
    await this.#entry(`${name}/sha256`, Buffer.from(`${digest}\n`));
    this.#list.update(partLine(name, bytes, digest));
    this.#parts += 1;
    this.#bytes += bytes;
  }

  tally(): PartsTally {
    return { parts: this.#parts, bytes: this.#bytes, digest: this.#list.copy().digest('hex') };
  }

  /** Gives the file its name, when all of it is on the disk. */
  async finish(): Promise<void> {
    await this.#write(Buffer.alloc(2 * BLOCK_BYTES));
    await this.#handle.sync();
    await this.#handle.close();
    await rename(this.#draft, this.#file);
    // Some network file systems have no way to do this for a folder.
    await syncFolder(dirname(this.#file)).catch(() => undefined);
  }

  /** Removes what was written. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#draft, { force: true });
  }

  async #entry(name: string, bytes: Buffer): Promise<void> {
    const header = tarHeader({ name, bytes: bytes.length }, this.#now);
    await this.#write(header);
    await this.#write(bytes);
    await this.#write(Buffer.alloc(paddingOf(bytes.length)));
  }

  async #write(bytes: Buffer): Promise<void> {
    await this.#handle.writeFile(bytes).catch((error: unknown) => {
      throw writeError(error, this.#file);
    });
  }
}

/** What is hashed for each part. */
export function partLine(name: string, bytes: number, digest: string): string {
  return `${digest} ${bytes} ${name}\n`;
}

/** Bytes in pieces of {@link PIECE_BYTES}, the last one excepted. */
async function* piecesOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    for (let rest = chunk; rest.length > 0;) {
      const taken = rest.subarray(0, PIECE_BYTES - bytes);
      rest = rest.subarray(taken.length);
      waiting.push(taken);
      bytes += taken.length;
      if (bytes < PIECE_BYTES) continue;
      yield Buffer.concat(waiting);
      [waiting, bytes] = [[], 0];
    }
  }
  if (bytes > 0) yield Buffer.concat(waiting);
}

export function backupError(message: string, remedy: string): TidewaiterError {
  return new TidewaiterError('E_BACKUP', message, remedy);
}

function writeError(error: unknown, path: string): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new TidewaiterError(
      'E_NO_SPACE',
      `There is no space left for ${path}`,
      'Free some space or choose another disk, and run again.',
      { cause: error },
    );
  }
  return new TidewaiterError(
    'E_BACKUP',
    `${path} cannot be written (${code})`,
    'Choose a folder that is there and that you may write to.',
    { cause: error },
  );
}
