import { constants } from 'node:fs';
import { mkdir, open, opendir, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../../core/errors.ts';
import { syncFolder } from '../secrets/durable.ts';
import { CHUNK_BYTES, chunkCount, openChunk, SEALED_CHUNK_BYTES } from './chunks.ts';
import { spaceError } from './file-store.ts';
import { isObjectName } from './object-store.ts';
import { keyAt, type ObjectKeys } from './object-keys.ts';

/** The file of an object that is not whole yet, whose plain bytes will be so many. */
export class DraftFile {
  readonly path: string;
  readonly count: number;
  readonly #length: number;
  readonly #folder: string;
  readonly #handle: FileHandle;

  private constructor(folder: string, path: string, length: number, handle: FileHandle) {
    this.#folder = folder;
    this.path = path;
    this.count = chunkCount(length);
    this.#length = length;
    this.#handle = handle;
  }

  /** @param fresh makes it; else it must be there, and is undefined when it is not. */
  static async open(
    folder: string,
    object: string,
    length: number,
    fresh: boolean,
  ): Promise<DraftFile | undefined> {
    const path = join(folder, object);
    if (fresh) await mkdir(folder, { recursive: true, mode: 0o700 });
    const flags = fresh ? constants.O_RDWR | constants.O_CREAT | constants.O_EXCL : constants.O_RDWR;
    try {
      const handle = await open(path, flags, 0o600);
      if (fresh) await syncFolder(folder);
      return new DraftFile(folder, path, length, handle);
    } catch (error) {
      if (!fresh && systemCode(error) === 'ENOENT') return undefined;
      throw spaceError(error, folder);
    }
  }

  /** Plain bytes of a chunk. */
  plainBytes(index: number): number {
    return Math.min(CHUNK_BYTES, this.#length - index * CHUNK_BYTES);
  }

  isLast(index: number): boolean {
    return index === this.count - 1;
  }

  async write(index: number, sealed: readonly Uint8Array[]): Promise<void> {
    let position = index * SEALED_CHUNK_BYTES;
    let rest = sealed;
    try {
      for (let left = total(rest); left > 0; left = total(rest)) {
        const { bytesWritten } = await this.#handle.writev(rest, position);
        position += bytesWritten;
        rest = bytesWritten === left ? [] : [Buffer.concat(rest).subarray(bytesWritten)];
      }
    } catch (error) {
      throw spaceError(error, this.#folder);
    }
  }

  /** The plain bytes of a chunk; undefined when it is not there, or does not verify. */
  async read(keys: ObjectKeys, index: number): Promise<Buffer | undefined> {
    const sealed = Buffer.allocUnsafe(this.plainBytes(index) + SEALED_CHUNK_BYTES - CHUNK_BYTES);
    const { bytesRead } = await this.#handle.read(sealed, 0, sealed.length, index * SEALED_CHUNK_BYTES);
    if (bytesRead < sealed.length) return undefined;
    return openChunk(keyAt(keys, index), { index, last: this.isLast(index) }, sealed);
  }

  /** Whether it is long enough to hold so many chunks. */
  async holds(chunks: number): Promise<boolean> {
    return (await this.#handle.stat()).size >= this.#sealedBytes(chunks);
  }

  /** Cuts off what comes after so many chunks. */
  async cut(chunks: number): Promise<void> {
    await this.#handle.truncate(this.#sealedBytes(chunks));
  }

  /** Returns when what was written is on the disk. */
  async sync(): Promise<void> {
    try {
      await this.#handle.datasync();
    } catch (error) {
      throw spaceError(error, this.#folder);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  #sealedBytes(chunks: number): number {
    const tags = chunks * (SEALED_CHUNK_BYTES - CHUNK_BYTES);
    return tags + Math.min(this.#length, chunks * CHUNK_BYTES);
  }
}

function total(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Removes files of a folder that are no `known` drafts, and were last written to before a time. @returns how many. */
export async function sweepDrafts(
  folder: string,
  before: Date,
  known: (objects: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<number> {
  const old: string[] = [];
  const names = await opendir(folder).catch(() => undefined);
  for await (const { name } of names ?? []) {
    const { mtime } = await stat(join(folder, name)).catch(() => ({ mtime: before }));
    if (isObjectName(name) && mtime < before) old.push(name);
  }
  if (old.length === 0) return 0;
  // Asked after they were seen: a draft has its row before it is an hour old.
  const kept = await known(old);
  const lost = old.filter((name) => !kept.has(name));
  for (const name of lost) await rm(join(folder, name), { force: true });
  return lost.length;
}

/** Removes the file of a draft that nobody has open, if it is there. */
export async function removeDraft(folder: string, object: string): Promise<void> {
  if (!isObjectName(object)) throw new RangeError(`${object} is no name of an object`);
  await rm(join(folder, object), { force: true });
}
