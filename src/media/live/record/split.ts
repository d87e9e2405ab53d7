import type { Fragment, StreamHead } from '../fragment.ts';
import type { Seconds } from '../../../core/time.ts';
import { damaged, readBoxHeader, type BoxHeader } from './boxes.ts';
import { readFragment } from './moof.ts';
import { readHead, type TrackHead } from './track.ts';

/** Bytes of a box that is kept whole. A GOP of 4K at 50 Mbit/s that lasts ten seconds has 62 MB. */
const most: Readonly<Record<string, number>> = {
  ftyp: 4096,
  moov: 1 << 20,
  moof: 1 << 20,
  mdat: 64 << 20,
};

/** A piece of a stream. */
export type StreamPart =
  | { readonly kind: 'head'; readonly head: TrackHead }
  | { readonly kind: 'fragment'; readonly fragment: Fragment };

/**
 * Takes a stream of fragmented MP4 apart as its bytes arrive. It holds at most one fragment, and of a box that is of no use
 * (`sidx`, `free`, `emsg`, ...) nothing. After an error it takes no more.
 */
export class FragmentSplitter {
  readonly #at: (time: Seconds) => number;
  #chunks: Buffer[] = [];
  #held = 0;
  #skip = 0;
  #ftyp: Buffer | undefined;
  #moof: Buffer | undefined;
  #head: TrackHead | undefined;
  #box: BoxHeader | undefined;

  /** @param at the wall time to note for a fragment with this stream time: the clock, or what an index says. */
  constructor(at: (time: Seconds) => number) {
    this.#at = at;
  }

  /** @throws TidewaiterError `E_FRAGMENTS`. */
  *push(chunk: Uint8Array): Generator<StreamPart> {
    this.#chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#held += chunk.byteLength;
    for (;;) {
      const skipped = Math.min(this.#skip, this.#held);
      this.#take(skipped);
      this.#skip -= skipped;
      if (this.#skip > 0) return;
      this.#box ??= this.#nextBox();
      if (this.#box === undefined) return;
      const { type, size } = this.#box;
      const limit = most[type];
      if (limit !== undefined && size > limit) throw damaged(`a ${type} box has ${size} bytes`);
      if (limit === undefined && this.#moof !== undefined)
        throw damaged(`a ${type} box lies in the middle of a fragment`);
      if (limit === undefined) this.#skip = size;
      else if (this.#held < size) return;
      else yield* this.#accept(type, this.#take(size));
      this.#box = undefined;
    }
  }

  /** Call when the bytes are over. @throws TidewaiterError `E_FRAGMENTS` when they ended within a fragment. */
  end(): void {
    if (this.#held > 0 || this.#skip > 0 || this.#moof !== undefined)
      throw damaged('it ends within a fragment');
  }

  *#accept(type: string, box: Buffer): Generator<StreamPart> {
    if (type === 'ftyp') this.#ftyp = box;
    else if (type === 'moov') {
      this.#head = readHead(this.#ftyp === undefined ? box : Buffer.concat([this.#ftyp, box]));
      yield { kind: 'head', head: this.#head };
    } else if (type === 'moof') {
      if (this.#head === undefined) throw damaged('a fragment comes before the head');
      if (this.#moof !== undefined) throw damaged('a fragment has no data');
      this.#moof = box;
    } else {
      if (this.#head === undefined || this.#moof === undefined)
        throw damaged('data comes without its description');
      const read = readFragment(Buffer.concat([this.#moof, box]), this.#head);
      this.#moof = undefined;
      yield { kind: 'fragment', fragment: { ...read, at: this.#at(read.time) } };
    }
  }

  #nextBox(): BoxHeader | undefined {
    const [first] = this.#chunks;
    if (first === undefined) return undefined;
    if (first.length >= 16 || this.#chunks.length === 1) return readBoxHeader(first);
    this.#chunks = [Buffer.concat(this.#chunks)];
    return readBoxHeader(this.#chunks[0]!);
  }

  /** The next bytes, which are there; they are a copy, so that what is kept does not hold a larger chunk alive. */
  #take(size: number): Buffer {
    const parts: Buffer[] = [];
    let missing = size;
    while (missing > 0) {
      const chunk = this.#chunks[0]!;
      parts.push(chunk.subarray(0, missing));
      if (chunk.length <= missing) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(missing);
      missing -= Math.min(missing, chunk.length);
    }
    this.#held -= size;
    return Buffer.concat(parts);
  }
}

/** A stream that was taken apart: its head has arrived, its fragments come. */
export interface SplitStream {
  readonly head: TrackHead;
  readonly fragments: AsyncGenerator<Fragment>;
}

/**
 * Splits fragmented MP4 into its head and its fragments.
 * @param at as in {@link FragmentSplitter}.
 * @throws TidewaiterError `E_FRAGMENTS`, for what ends within a fragment after the whole ones before it, and when the
 *   stream changes its head.
 */
export async function splitFragments(
  bytes: AsyncIterable<Uint8Array>,
  at: (time: Seconds) => number,
): Promise<SplitStream> {
  const parts = splitParts(bytes, at);
  const first = await parts.next();
  if (first.done === true || first.value.kind !== 'head') throw damaged('it has no head');
  const { head } = first.value;
  return { head, fragments: fragmentsOf(parts, head) };
}

async function* fragmentsOf(parts: AsyncGenerator<StreamPart>, head: StreamHead): AsyncGenerator<Fragment> {
  for await (const part of parts) {
    if (part.kind === 'fragment') yield part.fragment;
    else if (!sameHead(part.head, head)) throw damaged('it changes its head');
  }
}

async function* splitParts(
  bytes: AsyncIterable<Uint8Array>,
  at: (time: Seconds) => number,
): AsyncGenerator<StreamPart> {
  const splitter = new FragmentSplitter(at);
  for await (const chunk of bytes) yield* splitter.push(chunk);
  splitter.end();
}

/** Whether fragments of both streams can stand behind one head. */
export function sameHead(a: StreamHead, b: StreamHead): boolean {
  return Buffer.compare(a.bytes, b.bytes) === 0;
}
