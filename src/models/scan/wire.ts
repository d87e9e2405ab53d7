import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** What is wrong with the form of a file: it is refused, with this as the reason. */
export class WireError extends Error {}

/** A field of a protocol buffer message: where its value lies in the file, or the number itself. */
export interface WireField {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wire: 0 | 1 | 2 | 5;
  readonly from: number;
  readonly to: number;
  /** Of a varint, as a signed 64-bit number. */
  readonly value?: bigint;
}

const WINDOW_BYTES = 1 << 18;
/** A file of more fields is made to keep its reader busy: a network with a million nodes has a tenth of them. */
const MOST_FIELDS = 20_000_000;

/**
 * Walks protocol buffer messages (wire format of protobuf.dev/programming-guides/encoding) in a file without building
 * them: memory stays the same however large the file is, or says it is.
 */
export class WireFile {
  readonly size: number;
  readonly #fd: number;
  readonly #window = Buffer.alloc(WINDOW_BYTES);
  #start = 0;
  #length = 0;
  #fields = 0;

  constructor(path: string) {
    this.#fd = openSync(path, 'r');
    this.size = fstatSync(this.#fd).size;
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** The fields of the message in the bytes `from` to `to`. @throws WireError when they are no message. */
  *fields(from: number, to: number): Generator<WireField> {
    for (let at = from; at < to;) {
      if (++this.#fields > MOST_FIELDS) throw new WireError(`it has more than ${MOST_FIELDS} fields`);
      const tag = this.#varint(at, to);
      const number = Number(tag.value >> 3n);
      const wire = Number(tag.value & 7n);
      if (number < 1 || number > 536_870_911) throw new WireError(`byte ${at} begins no field`);
      const field = this.#field(number, wire, tag.next, to);
      yield field;
      at = field.to;
    }
  }

  /** Text of a field, cut at `most` bytes; undefined for a field that holds none. */
  text({ wire, from, to }: WireField, most: number): string | undefined {
    if (wire !== 2) return undefined;
    return this.bytes(from, Math.min(to, from + most)).toString('utf8');
  }

  /** A copy of some bytes. */
  bytes(from: number, to: number): Buffer {
    const copy = Buffer.alloc(Math.max(0, Math.min(to, this.size) - from));
    let filled = 0;
    while (filled < copy.length) {
      const read = readSync(this.#fd, copy, filled, copy.length - filled, from + filled);
      if (read === 0) throw new WireError('it became shorter while it was read');
      filled += read;
    }
    return copy;
  }

  /** The numbers of a packed field, or of one that is not packed; at most `most`. */
  *integers(field: WireField, most: number): Generator<bigint> {
    if (field.value !== undefined) yield field.value;
    else if (field.wire === 2)
      for (let at = field.from, count = 0; at < field.to; count++) {
        if (count === most) throw new WireError(`a list of sizes has more than ${most} entries`);
        const { value, next } = this.#varint(at, field.to);
        yield BigInt.asIntN(64, value);
        at = next;
      }
  }

  #field(number: number, wire: number, from: number, end: number): WireField {
    if (wire === 0) {
      const { value, next } = this.#varint(from, end);
      return { number, wire, from, to: next, value: BigInt.asIntN(64, value) };
    }
    if (wire === 1 || wire === 5) {
      const to = from + (wire === 1 ? 8 : 4);
      if (to > end) throw new WireError(`field ${number} at byte ${from} breaks off`);
      return { number, wire, from, to };
    }
    if (wire !== 2) throw new WireError(`field ${number} at byte ${from} is of an unknown kind`);
    const { value, next } = this.#varint(from, end);
    if (value > BigInt(end - next))
      throw new WireError(`field ${number} at byte ${from} says ${value} bytes, ${end - next} are left`);
    return { number, wire, from: next, to: next + Number(value) };
  }

  #varint(from: number, end: number): { readonly value: bigint; readonly next: number } {
    let value = 0n;
    for (let at = from; at < from + 10; at++) {
      if (at >= end) throw new WireError(`a number at byte ${from} breaks off`);
      const byte = this.#byte(at);
      value |= BigInt(byte & 127) << BigInt(7 * (at - from));
      if (byte < 128) return { value: BigInt.asUintN(64, value), next: at + 1 };
    }
    throw new WireError(`a number at byte ${from} does not end`);
  }

  #byte(at: number): number {
    if (at < this.#start || at >= this.#start + this.#length) {
      this.#start = at;
      this.#length = readSync(this.#fd, this.#window, 0, WINDOW_BYTES, at);
    }
    const byte = at < this.#start + this.#length ? this.#window[at - this.#start] : undefined;
    if (byte === undefined) throw new WireError(`it ends at byte ${at}`);
    return byte;
  }
}
