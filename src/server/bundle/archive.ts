import { createReadStream } from 'node:fs';
import { systemCode } from '../../core/errors.ts';
import { BLOCK_BYTES, paddingOf } from '../backup/tar.ts';
import { bundleError, damagedBundle } from './errors.ts';

/** A plain file on its way into an archive, or out of one. */
export interface Entry {
  /** With `/`, without a leading one. */
  readonly path: string;
  readonly bytes: number;
  readonly executable: boolean;
}

/** Where the bytes of a file come from. */
export type Source = { readonly file: string } | { readonly content: Buffer };

const NAME_BYTES = 100;
const PREFIX_BYTES = 155;

/** One file of an archive as POSIX.1-1988 (ustar) writes it, which every tar reads. */
export async function* entryOf(
  entry: Entry,
  source: Source,
  madeAt: Date,
  watch: (chunk: Buffer) => void,
): AsyncGenerator<Buffer> {
  yield header(entry, madeAt);
  let bytes = 0;
  for await (const chunk of 'file' in source ? blocksOf(source.file) : [source.content]) {
    bytes += chunk.length;
    watch(chunk);
    yield chunk;
  }
  if (bytes !== entry.bytes)
    throw bundleError(`${entry.path} changed while it was read`, 'Let nobody change it, and start again.');
  yield Buffer.alloc(paddingOf(bytes));
}

/** What follows the last file. */
export const endOfArchive = Buffer.alloc(2 * BLOCK_BYTES);

function blocksOf(file: string): AsyncIterable<Buffer> {
  return createReadStream(file, { highWaterMark: 1 << 20 });
}

function header({ path, bytes, executable }: Entry, madeAt: Date): Buffer {
  const [prefix, name] = splitPath(path);
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(name, 0);
  block.write(executable ? '0000755\0' : '0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${octal(bytes, 11)} `, 124);
  block.write(`${octal(Math.floor(madeAt.getTime() / 1000), 11)} `, 136);
  block.write('0', 156);
  block.write('ustar\0' + '00', 257);
  block.write(prefix, 345);
  block.write(`${octal(checksum(block), 6)}\0 `, 148);
  return block;
}

/** A long path is kept in two fields, which meet at a `/`. */
function splitPath(path: string): [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= NAME_BYTES) return ['', path];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(prefix) <= PREFIX_BYTES && Buffer.byteLength(name) <= NAME_BYTES)
      return [prefix, name];
  }
  throw bundleError(`The path ${path} is too long for an archive`, 'Give that file a shorter name.');
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

/** The sum of all bytes, where its own field counts as spaces. */
function checksum(block: Buffer): number {
  let sum = 0;
  for (const [index, byte] of block.entries()) sum += index >= 148 && index < 156 ? 32 : byte;
  return sum;
}

/** A file of an archive that is read; `content` has to be read to its end before the next one is asked for. */
export interface ReadEntry extends Entry {
  readonly content: AsyncIterable<Buffer>;
}

/**
 * Reads what {@link entryOf} wrote, and nothing else: no links, no folders, nothing after the end.
 * @throws TidewaiterError `E_BUNDLE_DAMAGED`, naming the file that it broke off in.
 */
export async function* readArchive(source: AsyncIterable<Buffer>): AsyncGenerator<ReadEntry> {
  const reader = new Blocks(source);
  for (;;) {
    const block = await reader.take(BLOCK_BYTES);
    if (block.every((byte) => byte === 0)) break;
    const entry = parse(block, reader.where);
    reader.where = entry.path;
    yield { ...entry, content: reader.pass(entry.bytes) };
    if ((await reader.take(paddingOf(entry.bytes))).some((byte) => byte !== 0))
      throw damagedBundle(`something lies behind ${entry.path}`);
  }
  for await (const rest of reader.pass(Infinity))
    if (rest.some((byte) => byte !== 0)) throw damagedBundle('something follows its end');
}

function parse(block: Buffer, last: string): Entry {
  const text = (from: number, to: number): string => block.toString('utf8', from, to).split('\0')[0] ?? '';
  const sound =
    block.toString('latin1', 257, 263) === 'ustar\0' &&
    text(156, 157) === '0' &&
    block.toString('latin1', 148, 156) === `${octal(checksum(block), 6)}\0 `;
  const [, bytes] = /^([0-7]{11}) $/.exec(text(124, 136)) ?? [];
  if (!sound || bytes === undefined) throw damagedBundle(`the entry after ${last} was changed`);
  const prefix = text(345, 500);
  return {
    path: prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`,
    bytes: Number.parseInt(bytes, 8),
    executable: text(100, 107) === '0000755',
  };
}

/** Cuts a stream of bytes into what is asked for. */
class Blocks {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  /** The file that is being read, for messages. */
  where = 'its beginning';

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async take(bytes: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.pass(bytes)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** Infinity passes what there is. */
  async *pass(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0;) {
      if (this.#rest.length === 0) {
        const next = await this.#next();
        if (next === undefined && bytes === Infinity) return;
        if (next === undefined) throw damagedBundle(`it breaks off in ${this.where}`);
        this.#rest = next;
      }
      const chunk = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(chunk.length);
      left -= chunk.length;
      yield chunk;
    }
  }
  async #next(): Promise<Buffer | undefined> {
    try {
      const next = await this.#source.next();
      return next.done === true ? undefined : next.value;
    } catch (error) {
      // Of zlib: what was compressed is not what comes.
      if (systemCode(error)?.startsWith('Z_') !== true) throw error;
      throw damagedBundle(`it cannot be unpacked at or shortly after ${this.where}`);
    }
  }
}
