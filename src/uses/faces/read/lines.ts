import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { systemCode, TidewaiterError } from '../../../core/errors.ts';

/** One line of a file of bytes, valid until the next one is read. */
export interface Line {
  readonly bytes: Buffer;
  readonly start: number;
  /** Without the line end. */
  readonly end: number;
  /** From 1. */
  readonly number: number;
}

/** No row of scores is nearly as long; a file without line ends must not fill the memory. */
const LONGEST = 1 << 16;
const BLOCK = 1 << 20;

/**
 * Hands every line that is not blank to `take`, without a byte order mark and with any of the usual line ends, in bounded memory.
 * @returns SHA-256 of all bytes that were read: of what was read, not of what lies there later.
 * @throws TidewaiterError `E_SCORES_FILE` when it cannot be read or is no text in UTF-8.
 */
export async function readLines(path: string, take: (line: Line) => void): Promise<string> {
  const hash = createHash('sha256');
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  const cut = (bytes: Buffer, ended: boolean): Buffer => {
    let start = 0;
    for (;;) {
      const at = bytes.indexOf(0x0a, start);
      if (at < 0 && !(ended && start < bytes.length)) break;
      const end = at < 0 ? bytes.length : at;
      number += 1;
      handOver({ bytes, start, end, number }, path, take);
      start = end + 1;
    }
    return bytes.subarray(Math.min(start, bytes.length));
  };
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: BLOCK })) {
      const block = chunk as Buffer;
      hash.update(block);
      if (block.includes(0)) throw unreadable(path, 'is no text in UTF-8');
      rest = cut(rest.length === 0 ? block : Buffer.concat([rest, block]), false);
      if (rest.length > LONGEST)
        throw unreadable(path, `has a line ${number + 1} of more than ${LONGEST} bytes`);
    }
  } catch (error) {
    if (error instanceof TidewaiterError) throw error;
    throw unreadable(path, `cannot be read (${systemCode(error) ?? 'unknown reason'})`);
  }
  cut(rest, true);
  return hash.digest('hex');
}

function handOver({ bytes, start, end, number }: Line, path: string, take: (line: Line) => void): void {
  let [from, to] = [start, end];
  if (number === 1 && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf) from += 3;
  while (from < to && isBlank(bytes[from]!)) from += 1;
  while (to > from && isBlank(bytes[to - 1]!)) to -= 1;
  if (to - from > LONGEST) throw unreadable(path, `has a line ${number} of more than ${LONGEST} bytes`);
  if (to > from) take({ bytes, start: from, end: to, number });
}

/** Space, tab, carriage return. */
export function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

function unreadable(path: string, what: string): TidewaiterError {
  return new TidewaiterError(
    'E_SCORES_FILE',
    `${path} ${what}`,
    'Give a text file in UTF-8, such as a CSV export.',
  );
}
