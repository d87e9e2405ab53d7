/** A tar archive is made of blocks of this size. */
export const BLOCK_BYTES = 512;

/** What a header says, as far as it is used here: plain files with short names, small enough to be held in memory. */
export interface TarHeader {
  /** At most 100 bytes of ASCII. */
  readonly name: string;
  readonly bytes: number;
}

/** A header of POSIX.1-1988 (ustar), for a file that only its owner may read. */
export function tarHeader({ name, bytes }: TarHeader, now: Date): Buffer {
  if (name.length > 100) throw new RangeError(`${name} is too long a name`);
  const header = Buffer.alloc(BLOCK_BYTES);
  header.write(name, 0, 'ascii');
  header.write('0000600\0', 100, 'ascii');
  header.write('0000000\0', 108, 'ascii');
  header.write('0000000\0', 116, 'ascii');
  header.write(`${octal(bytes, 11)} `, 124, 'ascii');
  header.write(`${octal(Math.floor(now.getTime() / 1000), 11)} `, 136, 'ascii');
  header.write('0', 156, 'ascii');
  header.write('ustar\0' + '00', 257, 'ascii');
  header.write(`${octal(checksum(header), 6)}\0 `, 148, 'ascii');
  return header;
}

/** Reads what {@link tarHeader} wrote; undefined when it is anything else. */
export function parseTarHeader(header: Buffer): TarHeader | undefined {
  const text = (from: number, to: number): string => header.toString('latin1', from, to);
  if (text(257, 263) !== 'ustar\0' || text(156, 157) !== '0') return undefined;
  if (text(148, 156) !== `${octal(checksum(header), 6)}\0 `) return undefined;
  const [name = ''] = text(0, 100).split('\0');
  const [, bytes] = /^([0-7]{11}) $/.exec(text(124, 136)) ?? [];
  return bytes === undefined ? undefined : { name, bytes: Number.parseInt(bytes, 8) };
}

/** Zeros that fill the last block of a file. */
export function paddingOf(bytes: number): number {
  return (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** The sum of all bytes, where its own field counts as spaces. */
function checksum(header: Buffer): number {
  let sum = 0;
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 32 : byte;
  return sum;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
