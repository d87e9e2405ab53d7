import type { Readable } from 'node:stream';

const limitBytes = 8 * 1024;

/** Keeps the last 8 KB of what a worker printed: its last words. */
export class OutputTail {
  #kept = Buffer.alloc(0);

  /** Reads the streams to their end, so that the worker never blocks on a full pipe. */
  constructor(...streams: (Readable | null)[]) {
    for (const stream of streams) stream?.on('data', (chunk: Buffer) => this.#keep(chunk));
  }

  #keep(chunk: Buffer): void {
    const joined = Buffer.concat([this.#kept, chunk]);
    // A copy, so that a short tail does not hold a long chunk.
    this.#kept = Buffer.from(joined.subarray(Math.max(0, joined.length - limitBytes)));
  }

  get text(): string {
    return this.#kept.toString('utf8').trim();
  }

  /** The line that says most: the last one that looks like an error's first, else the last one; at most 200 characters. */
  get lastWords(): string {
    const lines = this.text.split('\n').filter((line) => line.trim() !== '');
    const telling = lines.findLast((line) => /^\s*(\w*Error|FATAL ERROR)\b/.test(line)) ?? lines.at(-1) ?? '';
    return telling.trim().slice(0, 200);
  }
}
