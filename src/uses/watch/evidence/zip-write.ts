import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  directoryHeader,
  endOfDirectory,
  localHeader,
  longestArchive,
  mostEntries,
  type ZipEntry,
} from './zip-layout.ts';
import { evidenceError } from './errors.ts';

/** An archive that has its name only when it is whole. Contents are streamed. */
export class ZipWriter {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #entries: ZipEntry[] = [];
  #at = 0;

  private constructor(file: string, handle: FileHandle) {
    this.#file = file;
    this.#handle = handle;
  }

  /** @throws TidewaiterError `E_EVIDENCE` when the file is there already. */
  static async create(file: string): Promise<ZipWriter> {
    if (existsSync(file)) throw evidenceError(`${file} is there already`, 'Name a new file.');
    return new ZipWriter(file, await open(hidden(file), 'wx', 0o600));
  }

  /** @returns SHA-256 of what was stored, hex. @param name ASCII. */
  async add(
    name: string,
    content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ): Promise<{ readonly bytes: number; readonly sha256: string }> {
    const offset = this.#at;
    const hash = createHash('sha256');
    let [bytes, crc] = [0, 0];
    // The header is known when the content has been seen.
    await this.#write(localHeader({ name, bytes, crc }));
    for await (const chunk of content) {
      await this.#write(chunk);
      hash.update(chunk);
      crc = crc32(chunk, crc);
      bytes += chunk.length;
    }
    const header = localHeader({ name, bytes, crc });
    await this.#handle.write(header, 0, header.length, offset);
    this.#entries.push({ name, bytes, crc, offset });
    return { bytes, sha256: hash.digest('hex') };
  }

  async finish(): Promise<void> {
    const offset = this.#at;
    for (const entry of this.#entries) await this.#write(directoryHeader(entry));
    const directory = { entries: this.#entries.length, bytes: this.#at - offset, offset };
    await this.#write(endOfDirectory(directory));
    await this.#handle.sync();
    await this.#handle.close();
    await rename(hidden(this.#file), this.#file);
  }

  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(hidden(this.#file), { force: true });
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#at + bytes.length > longestArchive || this.#entries.length >= mostEntries)
      throw evidenceError(
        `${this.#file} would be larger than 4 GiB, or hold more than ${mostEntries} files`,
        'Give a shorter clip, or fewer snapshots.',
      );
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.#at);
      done += bytesWritten;
      this.#at += bytesWritten;
    }
  }
}

function hidden(file: string): string {
  return join(dirname(file), `.unfinished-${basename(file)}`);
}
