/** Bits of a parameter set as they are read and written (ITU-T H.264, 7.2 and 9.1). */
class Bits {
  readonly #bits: string;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  }

  take(count: number): string {
    return this.#bits.slice(this.at, (this.at += count));
  }

  /** An Exp-Golomb code, as it stands there. */
  code(): string {
    const zeros = this.#bits.indexOf('1', this.at) - this.at;
    return this.take(2 * zeros + 1);
  }

  rest(): string {
    return this.#bits.slice(this.at);
  }
}

function golomb(value: number): string {
  const bits = (value + 1).toString(2);
  return '0'.repeat(bits.length - 1) + bits;
}

/** Without the bytes that keep start codes from appearing, and with them again. */
const plain = (unit: Buffer): Buffer =>
  Buffer.from(unit.toString('latin1').replaceAll(/\0\0\x03/g, '\0\0'), 'latin1');
const guarded = (unit: Buffer): Buffer =>
  Buffer.from(unit.toString('latin1').replaceAll(/\0\0(?=[\0-\x03])/g, '\0\0\x03'), 'latin1');

/**
 * Says another size of the picture in the sequence parameter sets of an H.264 stream of the baseline profile, and leaves the coded
 * pictures as they are.
 * @param stream with start codes of four bytes (Annex B). @param width of a multiple of 16. @param height the same.
 */
export function withPictureSize(stream: Buffer, width: number, height: number): Buffer {
  const units = stream
    .toString('latin1')
    .split(/\0?\0\0\x01/)
    .slice(1)
    .map((unit) => Buffer.from(unit, 'latin1'));
  const said = units.map((unit) =>
    (unit[0] ?? 0) % 32 === 7 ? guarded(resized(plain(unit), width, height)) : unit,
  );
  return Buffer.concat(said.flatMap((unit) => [Buffer.from([0, 0, 0, 1]), unit]));
}

function resized(unit: Buffer, width: number, height: number): Buffer {
  const bits = new Bits(unit);
  // NAL header, profile, constraints, level; then the id of the set, bits of a frame's number, kind of order, references, gaps.
  const head = [bits.take(32), bits.code(), bits.code()];
  const order = bits.code();
  if (order !== golomb(2)) throw new TypeError('no stream without reordering');
  head.push(order, bits.code(), bits.take(1));
  bits.code();
  bits.code();
  const all = [...head, golomb(width / 16 - 1), golomb(height / 16 - 1), bits.rest()].join('');
  const bytes = all.match(/.{1,8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)));
}
