import { mkdir, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** An entry in its place: 1, 2, ... */
export type Numbered<Entry> = Entry & { readonly seq: number };

const TOUCH_MS = 15_000;

/**
 * Keeps what a camera told on this machine's disk until the database has it: a file that is only added to, each line
 * synced before anybody hears that it is kept. When all of it was delivered the file begins anew. One writer.
 */
export class Spool<Entry extends object> {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #limitBytes: number;
  readonly #waiting: { readonly at: number; readonly length: number }[] = [];
  #seq = 0;
  #bytes = 0;
  readonly #touching: NodeJS.Timeout;
  #turn: Promise<unknown> = Promise.resolve();
  #woken: () => void = () => undefined;

  private constructor(path: string, file: FileHandle, limitBytes: number) {
    this.#path = path;
    this.#file = file;
    this.#limitBytes = limitBytes;
    // A camera may have nothing to tell for hours: others see by the time of the file that it is still written to.
    this.#touching = setInterval(
      () => void file.utimes(new Date(), new Date()).catch(() => undefined),
      TOUCH_MS,
    );
    this.#touching.unref();
  }

  /** @param path of a file that is not there yet. */
  static async open<Entry extends object>(path: string, limitBytes: number): Promise<Spool<Entry>> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return new Spool<Entry>(path, await open(path, 'wx+', 0o600), limitBytes);
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** @returns whether it was kept: not when the file is as large as it may be. */
  append(entry: Entry): Promise<boolean> {
    return this.#alone(async () => {
      const line = Buffer.from(`${JSON.stringify({ ...entry, seq: this.#seq + 1 })}\n`);
      if (this.#bytes + line.length > this.#limitBytes) return false;
      await this.#file.write(line, 0, line.length, this.#bytes);
      await this.#file.datasync();
      this.#waiting.push({ at: this.#bytes, length: line.length });
      this.#bytes += line.length;
      this.#seq += 1;
      this.#woken();
      return true;
    });
  }

  /** Hands out what waits, in order; each is forgotten when its promise resolves. @throws what `apply` does. */
  async drain(apply: (entry: Numbered<Entry>) => Promise<void>): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const bytes = Buffer.alloc(next.length);
      await this.#file.read(bytes, 0, next.length, next.at);
      await apply(JSON.parse(bytes.toString()) as Numbered<Entry>);
      this.#waiting.shift();
    }
    await this.#alone(async () => {
      if (this.#waiting.length > 0 || this.#bytes === 0) return;
      await this.#file.truncate(0);
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
      await this.#file.close();
      await rm(this.#path, { force: true });
    });
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
