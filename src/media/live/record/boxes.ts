import { TidewaiterError } from '../../../core/errors.ts';

/** A box of an ISO base media file (ISO/IEC 14496-12, 4.2). `content` is a view on the bytes it was found in. */
export interface Box {
  readonly type: string;
  readonly content: Buffer;
}

export function damaged(what: string): TidewaiterError {
  return new TidewaiterError(
    'E_FRAGMENTS',
    `The stream is no sound fragmented MP4: ${what}`,
    'Look at the camera or the file that it came from; a recording that was cut short plays up to there.',
  );
}

/** The boxes that fill these bytes. */
export function boxesIn(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at < bytes.length;) {
    const { type, headerBytes, size } = readBoxHeader(bytes.subarray(at)) ?? {};
    if (type === undefined || headerBytes === undefined || size === undefined || at + size > bytes.length)
      throw damaged(`a box ends behind what holds it`);
    boxes.push({ type, content: bytes.subarray(at + headerBytes, at + size) });
    at += size;
  }
  return boxes;
}

export interface BoxHeader {
  readonly type: string;
  readonly headerBytes: number;
  /** With its header. */
  readonly size: number;
}

/** @returns undefined when the bytes end within the header. */
export function readBoxHeader(bytes: Buffer): BoxHeader | undefined {
  if (bytes.length < 8) return undefined;
  const type = bytes.toString('latin1', 4, 8);
  const short = bytes.readUInt32BE(0);
  if (short === 1 && bytes.length < 16) return undefined;
  const headerBytes = short === 1 ? 16 : 8;
  const size = short === 1 ? Number(bytes.readBigUInt64BE(8)) : short;
  if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) throw damaged('there is something else where a box should begin');
  if (size < headerBytes || !Number.isSafeInteger(size)) throw damaged(`a ${type} box has no usable length`);
  return { type, headerBytes, size };
}

/** The only box of a type among these bytes. */
export function only(bytes: Buffer, type: string): Buffer {
  const [found, more] = boxesIn(bytes).filter((box) => box.type === type);
  if (found === undefined) throw damaged(`it has no ${type} box`);
  if (more !== undefined) throw damaged(`it has more than one ${type} box where one is expected`);
  return found.content;
}

/** Reads numbers one after the other; throws where the bytes end. */
export class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#take(1));
  }

  u16(): number {
    return this.#bytes.readUInt16BE(this.#take(2));
  }

  u32(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  i32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  /** @throws TidewaiterError above 2^53. */
  u64(): number {
    const value = Number(this.#bytes.readBigUInt64BE(this.#take(8)));
    if (!Number.isSafeInteger(value)) throw damaged('a number is too large');
    return value;
  }

  /** The version and the flags of a full box. */
  full(): { readonly version: number; readonly flags: number } {
    const word = this.u32();
    return { version: word >>> 24, flags: word & 0xff_ffff };
  }

  text(length: number): string {
    const at = this.#take(length);
    return this.#bytes.toString('latin1', at, at + length);
  }

  skip(length: number): this {
    this.#take(length);
    return this;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.#at);
  }

  #take(length: number): number {
    if (length > this.left) throw damaged('a box is too short');
    const at = this.#at;
    this.#at += length;
    return at;
  }
}
