import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemCode, TidewaiterError } from '../../../core/errors.ts';

/** A file that is whole, with its SHA-256 (hex). */
export interface WrittenFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** How names begin until files are whole. */
export const unfinished = '.unfinished-';

/** A file that has its name only when all of it is on the disk. */
export class AtomicFile {
  readonly file: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  private constructor(file: string, handle: FileHandle) {
    this.file = file;
    this.#handle = handle;
  }

  /** Makes its folder too. @throws TidewaiterError as {@link AtomicFile.write}. */
  static async create(file: string): Promise<AtomicFile> {
    return explained(file, async () => {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      return new AtomicFile(file, await open(hidden(file), 'w', 0o600));
    });
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @throws TidewaiterError `E_NO_SPACE`, `E_RECORDING_WRITE`. */
  async write(bytes: Uint8Array): Promise<void> {
    await explained(this.file, async () => this.#handle.writeFile(bytes));
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  /** Gives the file its name. @throws TidewaiterError as {@link AtomicFile.write}; nothing is left then. */
  async finish(): Promise<WrittenFile> {
    try {
      await explained(this.file, async () => {
        await this.#handle.sync();
        await this.#handle.close();
        await rename(hidden(this.file), this.file);
      });
    } catch (error) {
      await this.abandon();
      throw error;
    }
    return { file: this.file, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(hidden(this.file), { force: true });
  }
}

/** What a file is called until it is whole. */
export function hidden(file: string): string {
  return join(dirname(file), `${unfinished}${basename(file)}`);
}

async function explained<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new TidewaiterError(
        'E_NO_SPACE',
        `No space is left to record ${file}`,
        'Free some space, or shorten how long recordings are kept.',
        { cause: error },
      );
    if (code === undefined) throw error;
    throw new TidewaiterError(
      'E_RECORDING_WRITE',
      `${file} cannot be written (${code})`,
      'Give the rights to its folder, or choose another one.',
      { cause: error },
    );
  }
}
