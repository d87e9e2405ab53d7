/** A tar archive is made of blocks of this size. */
const BLOCK = 512;

/** Something in the archive of a base backup. Read its content before asking for the next one. */
export interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
  content(): AsyncGenerator<Buffer>;
}

/**
 * Reads the tar archive that PostgreSQL writes: files below 8 GB and folders, with names of at most 100 bytes.
 * @throws Error for anything else, and for one that breaks off.
 */
export async function* readArchive(source: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  const bytes = new Bytes(source);
  for (;;) {
    const header = await bytes.exactly(BLOCK);
    if (header.every((byte) => byte === 0)) return;
    const field = (from: number, to: number): string =>
      header.toString('utf8', from, to).split('\0')[0] ?? '';
    const octal = (from: number, to: number): number => Number.parseInt(field(from, to).trim(), 8);
    if (octal(148, 156) !== checksum(header)) throw new Error('a header is damaged');
    const [name, kind, size] = [field(0, 100).replace(/\/$/, ''), field(156, 157), octal(124, 136)];
    if (kind !== '0' && kind !== '5') throw new Error(`${name} is neither a file nor a folder`);
    let left = size;
    const content = async function* (): AsyncGenerator<Buffer> {
      while (left > 0) {
        const piece = await bytes.atMost(left);
        left -= piece.length;
        yield piece;
      }
    };
    yield { name, isFolder: kind === '5', content };
    if (left > 0) throw new Error(`${name} was not read to its end`);
    await bytes.exactly((BLOCK - (size % BLOCK)) % BLOCK);
  }
}

/** The sum of all bytes, where its own field counts as spaces. */
function checksum(header: Buffer): number {
  return header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);
}

/** A stream from which so and so many bytes are taken. */
class Bytes {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** At least one. */
  async atMost(count: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) throw new Error('it breaks off');
      this.#rest = Buffer.from(next.value);
    }
    const taken = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  async exactly(count: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let left = count; left > 0;) {
      const piece = await this.atMost(left);
      pieces.push(piece);
      left -= piece.length;
    }
    return Buffer.concat(pieces);
  }
}
