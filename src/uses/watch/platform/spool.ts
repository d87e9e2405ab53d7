import { mkdir, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** An entry in its place: 1, 2, ... */
export type Numbered<Entry> = Entry & { readonly seq: number };

const TOUCH_MS = 15_000;

/** Of its limit a spool takes so much in memory when the disk takes no more. */
const MEMORY_SHARE = 1 / 16;

/** How a spool stands. */
export interface SpoolStanding {
  /** Entries that wait, and those of them that only memory holds. */
  readonly waiting: number;
  readonly inMemory: number;
  readonly bytes: number;
  /** When the oldest of them came, milliseconds since 1970. */
  readonly oldest: number | undefined;
  /** That the disk did not take what was last given to it. */
  readonly refused: boolean;
}

interface Waiting {
  readonly since: number;
  /** Where it lies in the file; or itself, when the disk did not take it. */
  readonly at: number;
  readonly length: number;
  readonly line?: Buffer;
}

/**
 * Keeps what a camera told on this machine's disk until the database has it: a file that is only added to, each line
 * synced before anybody hears that it is kept. What a disk that is full or takes no new file does not take is kept in memory: it
 * goes the same way, and is lost only if the process dies before. When all was delivered the file begins anew. One writer.
 */
export class Spool<Entry extends object> {
  readonly #path: string;
  #file: FileHandle | undefined;
  readonly #limitBytes: number;
  readonly #waiting: Waiting[] = [];
  #seq = 0;
  #bytes = 0;
  #memoryBytes = 0;
  #refused = false;
  readonly #touching: NodeJS.Timeout;
  #turn: Promise<unknown> = Promise.resolve();
  #woken: () => void = () => undefined;

  private constructor(path: string, limitBytes: number) {
    this.#path = path;
    this.#limitBytes = limitBytes;
    // A camera may have nothing to tell for hours: others see by the time of the file that it is still written to.
    this.#touching = setInterval(
      () =>
        void this.#opened()
          .then(async (file) => file.utimes(new Date(), new Date()))
          .catch(() => undefined),
      TOUCH_MS,
    );
    this.#touching.unref();
  }

  /** @param path of a file that is not there yet. */
  static async open<Entry extends object>(path: string, limitBytes: number): Promise<Spool<Entry>> {
    const spool = new Spool<Entry>(path, limitBytes);
    // A camera that is not watched for want of a file tells nothing at all.
    await spool.#opened().catch(() => undefined);
    return spool;
  }

  get standing(): SpoolStanding {
    return {
      waiting: this.#waiting.length,
      inMemory: this.#waiting.filter(({ line }) => line !== undefined).length,
      bytes: this.#waiting.reduce((sum, { length }) => sum + length, 0),
      oldest: this.#waiting[0]?.since,
      refused: this.#refused || this.#file === undefined,
    };
  }

  /** @returns whether it was kept: not when there is as much of it as there may be. */
  append(entry: Entry): Promise<boolean> {
    return this.#alone(async () => {
      const line = Buffer.from(`${JSON.stringify({ ...entry, seq: this.#seq + 1 })}\n`);
      const { length } = line;
      const place = { since: Date.now(), at: this.#bytes, length };
      if (this.#bytes + length > this.#limitBytes) return false;
      this.#refused = !(await this.#write(line));
      if (!this.#refused) {
        this.#waiting.push(place);
        this.#bytes += length;
      } else if (this.#memoryBytes + length <= MEMORY_SHARE * this.#limitBytes) {
        this.#waiting.push({ ...place, line });
        this.#memoryBytes += length;
      } else return false;
      this.#seq += 1;
      this.#woken();
      return true;
    });
  }

  /** Hands out what waits, in order; each is forgotten when its promise resolves. @throws what `apply` does. */
  async drain(apply: (entry: Numbered<Entry>) => Promise<void>): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const line = next.line ?? (await this.#read(next));
      await apply(JSON.parse(line.toString()) as Numbered<Entry>);
      this.#waiting.shift();
      if (next.line !== undefined) this.#memoryBytes -= next.length;
    }
    await this.#alone(async () => {
      if (this.#waiting.length > 0 || this.#bytes === 0) return;
      await this.#file?.truncate(0);
      this.#bytes = 0;
    });
  }

  /** Resolves when something waits, or `signal` ends it. */
  async filled(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length > 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#woken = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Closes and forgets it. */
  remove(): Promise<void> {
    clearInterval(this.#touching);
    return this.#alone(async () => {
      await this.#file?.close();
      await rm(this.#path, { force: true });
    });
  }

  async #opened(): Promise<FileHandle> {
    if (this.#file !== undefined) return this.#file;
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    return (this.#file = await open(this.#path, 'wx+', 0o600));
  }

  /** @returns whether all of it is on the disk; what is there of a line that is not has no end, and is written over. */
  async #write(line: Buffer): Promise<boolean> {
    try {
      const file = await this.#opened();
      for (let done = 0; done < line.length;) {
        // A disk that fills up takes a part, and says no only to the rest.
        const { bytesWritten } = await file.write(line, done, line.length - done, this.#bytes + done);
        done += bytesWritten;
      }
      await file.datasync();
      return true;
    } catch {
      return false;
    }
  }

  async #read({ at, length }: Waiting): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    await (await this.#opened()).read(bytes, 0, length, at);
    return bytes;
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

/** What a spool of a process that died holds. A last line that was not written to its end was never said to be kept. */
export async function readSpool<Entry>(path: string): Promise<Numbered<Entry>[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Numbered<Entry>);
}
