/**
 * A QR code (ISO/IEC 18004:2015) of a text in UTF-8: byte mode, error correction M, the smallest of versions 1 to 13.
 */

/** Of version 1 to 13 at level M: error-correction words of a block, and how many data words each block has (table 9). */
const blockTable: readonly (readonly [words: number, blocks: readonly number[]])[] = [
  [10, [16]],
  [16, [28]],
  [26, [44]],
  [18, [32, 32]],
  [24, [43, 43]],
  [16, [27, 27, 27, 27]],
  [18, [31, 31, 31, 31]],
  [22, [38, 38, 39, 39]],
  [22, [36, 36, 36, 37, 37]],
  [26, [43, 43, 43, 43, 44]],
  [30, [50, 51, 51, 51, 51]],
  [22, [36, 36, 36, 36, 36, 36, 37, 37]],
  [22, [37, 37, 37, 37, 37, 37, 37, 37, 38]],
];

/** Centres of the alignment patterns of version 1 to 13 (table E.1). */
const alignment: readonly (readonly number[])[] = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
  [6, 30, 54],
  [6, 32, 58],
  [6, 34, 62],
];

/**
 * @returns rows of modules, true for dark, without the quiet zone (4 modules of light must surround it).
 * @throws RangeError for a text of more than 331 bytes.
 */
export function qrCode(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text);
  const version = blockTable.findIndex((_, index) => bytes.length <= capacity(index + 1)) + 1;
  if (version === 0) throw new RangeError('the text is too long for a QR code of version 13');
  const drawn = Array.from({ length: 8 }, (_, mask) => draw(version, codewords(bytes, version), mask));
  return drawn.reduce((best, one) => (penalty(one) < penalty(best) ? one : best));
}

function dataWords(version: number): number {
  return blockTable[version - 1]![1].reduce((sum, words) => sum + words, 0);
}

function capacity(version: number): number {
  return dataWords(version) - (version < 10 ? 2 : 3);
}

/** Data and error-correction words of all blocks, interleaved (7.4 to 7.6). */
function codewords(bytes: Uint8Array, version: number): number[] {
  const countBits = version < 10 ? 8 : 16;
  let bits = '0100' + bytes.length.toString(2).padStart(countBits, '0');
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  bits += '0000'.slice(0, Math.max(0, dataWords(version) * 8 - bits.length));
  bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
  const words = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  for (let pad = 0xec; words.length < dataWords(version); pad ^= 0xec ^ 0x11) words.push(pad);
  const [errorWords, sizes] = blockTable[version - 1]!;
  let start = 0;
  const blocks = sizes.map((size) => words.slice(start, (start += size)));
  const errors = blocks.map((block) => remainder(block, errorWords));
  const longest = Math.max(...sizes);
  const across = (rows: readonly number[][], length: number): number[] =>
    Array.from({ length }, (_, index) => rows.map((row) => row[index]))
      .flat()
      .filter((word) => word !== undefined);
  return [...across(blocks, longest), ...across(errors, errorWords)];
}

/** Product in GF(256) over x^8 + x^4 + x^3 + x^2 + 1. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((b >> bit) & 1) * a;
  }
  return product;
}

/** Reed-Solomon words of a block. */
function remainder(block: readonly number[], degree: number): number[] {
  let generator = [1];
  let root = 1;
  for (let index = 0; index < degree; index++) {
    generator = [...generator, 0].map((factor, at) => factor ^ multiply(generator[at - 1] ?? 0, root));
    root = multiply(root, 2);
  }
  const rest = [...block, ...Array<number>(degree).fill(0)];
  for (let at = 0; at < block.length; at++) {
    const lead = rest[at]!;
    generator.forEach((factor, offset) => (rest[at + offset]! ^= multiply(factor, lead)));
  }
  return rest.slice(block.length);
}

const masks: readonly ((row: number, column: number) => boolean)[] = [
  (r, c) => (r + c) % 2 === 0,
  (r) => r % 2 === 0,
  (_, c) => c % 3 === 0,
  (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
];

function draw(version: number, words: readonly number[], mask: number): boolean[][] {
  const size = 17 + 4 * version;
  const grid = Array.from({ length: size }, () => Array<boolean | undefined>(size).fill(undefined));
  const set = (row: number, column: number, dark: boolean): void => {
    if (row >= 0 && column >= 0 && row < size && column < size) grid[row]![column] = dark;
  };
  for (const [top, left] of [
    [0, 0],
    [0, size - 7],
    [size - 7, 0],
  ] as const)
    for (let r = -1; r <= 7; r++)
      for (let c = -1; c <= 7; c++) {
        const ring = Math.max(Math.abs(r - 3), Math.abs(c - 3));
        set(top + r, left + c, ring !== 2 && ring !== 4);
      }
  const centres = alignment[version - 1]!;
  const last = centres.at(-1) ?? 0;
  for (const row of centres)
    for (const column of centres) {
      if ((row === 6 && (column === 6 || column === last)) || (row === last && column === 6)) continue;
      for (let r = -2; r <= 2; r++)
        for (let c = -2; c <= 2; c++) set(row + r, column + c, Math.max(Math.abs(r), Math.abs(c)) !== 1);
    }
  for (let at = 8; at < size - 8; at++) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  information(version, mask, size, set);
  place(grid, words, masks[mask]!);
  return grid.map((row) => row.map((dark) => dark === true));
}

/** Format (level and mask, 7.9) and version (7.10), each with its error correction. */
function information(
  version: number,
  mask: number,
  size: number,
  set: (row: number, column: number, dark: boolean) => void,
): void {
  // Level M is 00, so that the five bits are the mask alone.
  const format = ((mask << 10) | bch(mask, 10, 0x537)) ^ 0x5412;
  for (let bit = 0; bit < 15; bit++) {
    const dark = ((format >> bit) & 1) === 1;
    set(bit < 6 ? bit : bit < 8 ? bit + 1 : size - 15 + bit, 8, dark);
    set(8, bit < 8 ? size - 1 - bit : bit === 8 ? 7 : 14 - bit, dark);
  }
  set(size - 8, 8, true);
  if (version < 7) return;
  const coded = (version << 12) | bch(version, 12, 0x1f25);
  for (let bit = 0; bit < 18; bit++) {
    const [near, far] = [Math.floor(bit / 3), size - 11 + (bit % 3)];
    set(near, far, ((coded >> bit) & 1) === 1);
    set(far, near, ((coded >> bit) & 1) === 1);
  }
}

function bch(value: number, bits: number, generator: number): number {
  let rest = value << bits;
  for (let top = 31 - Math.clz32(rest); rest !== 0 && top >= bits; top = 31 - Math.clz32(rest))
    rest ^= generator << (top - bits);
  return rest;
}

/** Words go up and down in double columns from the right, around what is drawn already (7.7.3). */
function place(
  grid: (boolean | undefined)[][],
  words: readonly number[],
  masked: (row: number, column: number) => boolean,
): void {
  const size = grid.length;
  let bit = 0;
  for (let right = size - 1, upward = true; right > 0; right -= 2, upward = !upward) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const row = upward ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (grid[row]![column] !== undefined) continue;
        const dark = (((words[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
        bit++;
        grid[row]![column] = dark !== masked(row, column);
      }
    }
  }
}

/** How hard a mask makes it for readers (7.8.3): long runs, blocks, shapes like a finder, and uneven shares. */
function penalty(grid: readonly (readonly boolean[])[]): number {
  const lines = [...grid, ...grid.map((_, column) => grid.map((row) => row[column]!))].map((line) =>
    line.map(Number).join(''),
  );
  let score = 0;
  for (const line of lines) {
    for (const run of line.match(/0{5,}|1{5,}/g) ?? []) score += run.length - 2;
    score += 40 * (line.match(/(?=00001011101|10111010000)/g) ?? []).length;
  }
  let dark = 0;
  grid.forEach((row, r) =>
    row.forEach((module, c) => {
      dark += Number(module);
      const below = grid[r + 1];
      if (
        below !== undefined &&
        c > 0 &&
        row[c - 1] === module &&
        below[c] === module &&
        below[c - 1] === module
      )
        score += 3;
    }),
  );
  return score + 10 * Math.floor(Math.abs((dark * 100) / grid.length ** 2 - 50) / 5);
}
