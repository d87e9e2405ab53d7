import { createReadStream } from 'node:fs';
import type { Fragment } from '../fragment.ts';
import { systemCode, TidewaiterError } from '../../../core/errors.ts';
import { endOf, Rebase } from './clip.ts';
import type { Segment, WallSpan } from './segment-index.ts';
import { sameHead, splitFragments } from './split.ts';
import type { TrackHead } from './track.ts';

/** Wall time that nothing was recorded of. */
export interface Gap extends WallSpan {
  readonly why: 'not recorded' | 'file missing' | 'file damaged';
}

/** A piece of what is played, in its order. After a `head` that is not the first, a player begins a new stream. */
export type PlayPart =
  | { readonly kind: 'head'; readonly bytes: Uint8Array; readonly codecs: string; readonly at: number }
  | { readonly kind: 'media'; readonly bytes: Uint8Array; readonly at: number }
  | { readonly kind: 'gap'; readonly gap: Gap };

/** Less than this between two files is no gap, milliseconds: wall times of arrival are not that exact. */
const tolerance = 1000;

/**
 * Plays what was recorded of a camera over the borders of files as one stream that begins at 0 with the first picture, so that
 * wall time = `at` of the head + time in the stream. It begins at the key frame before `from`; gaps stay gaps in the stream's
 * time, and are named. One fragment is held at a time.
 * @param segments of one camera, in any order.
 * @param open reads a file; from its path by default.
 */
export async function* play(
  segments: readonly Segment[],
  asked: WallSpan,
  open: (segment: Segment) => AsyncIterable<Uint8Array> = ({ file }) => createReadStream(file),
): AsyncGenerator<PlayPart> {
  const wanted = segments
    .filter(({ from, to }) => to > asked.from && from < asked.to)
    .toSorted((a, b) => a.from - b.from);
  const joint = new Joint();
  let until = asked.from;
  for (const segment of wanted) {
    if (segment.from - until > tolerance) yield gap(until, segment.from, 'not recorded');
    let reached = Math.max(segment.from, until);
    try {
      for await (const { fragment, head, at, ends } of piecesOf(segment, asked, open(segment))) {
        yield* joint.next(fragment, head, at);
        reached = ends;
      }
      until = Math.max(until, segment.to);
    } catch (error) {
      const why = playError(error);
      until = Math.min(segment.to, asked.to);
      yield gap(Math.min(reached, until), until, why);
    }
  }
  if (asked.to - until > tolerance) yield gap(until, asked.to, 'not recorded');
}

function gap(from: number, to: number, why: Gap['why']): PlayPart {
  return { kind: 'gap', gap: { from, to, why } };
}

function playError(error: unknown): Gap['why'] {
  if (systemCode(error) === 'ENOENT') return 'file missing';
  if (error instanceof TidewaiterError && error.code === 'E_FRAGMENTS') return 'file damaged';
  throw error;
}

interface Piece {
  readonly fragment: Fragment;
  readonly head: TrackHead;
  /** Wall time of its first picture, and of its end. */
  readonly at: number;
  readonly ends: number;
}

/** What a file holds of the wall time that is asked for, from a key frame on. */
async function* piecesOf(
  segment: Segment,
  asked: WallSpan,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Piece> {
  const wall = (time: number): number => segment.from + time * 1000;
  const { head, fragments } = await splitFragments(bytes, wall);
  // Pictures before `from` that those after it are decoded from.
  let group: Fragment[] = [];
  const piece = (fragment: Fragment): Piece => ({
    fragment,
    head,
    at: wall(fragment.time),
    ends: wall(endOf(fragment)),
  });
  for await (const fragment of fragments) {
    if (wall(fragment.time) >= asked.to) return;
    if (fragment.keyFrame) group = [];
    group.push(fragment);
    if (wall(endOf(fragment)) <= asked.from) continue;
    for (const one of group) yield piece(one);
    group = [];
  }
}

/** Puts fragments of several files behind one head for as long as it fits. */
class Joint {
  #file: TrackHead | undefined;
  #head: TrackHead | undefined;
  #rebase: Rebase | undefined;
  /** Wall time of the stream's 0, the stream's time of the file's 0, and where the stream has got to. */
  #began = 0;
  #offset = 0;
  #ends = 0;

  *next(fragment: Fragment, head: TrackHead, at: number): Generator<PlayPart> {
    if (this.#head === undefined || this.#rebase === undefined || !sameHead(this.#head, head)) {
      [this.#head, this.#file, this.#began, this.#ends] = [head, undefined, at, 0];
      this.#rebase = new Rebase(head, 0);
      yield { kind: 'head', bytes: head.bytes, codecs: head.codecs, at };
    }
    if (this.#file !== head) {
      this.#file = head;
      const begins = (at - this.#began) / 1000;
      // What differs by less is the arrival of the packets: the pictures follow each other.
      const follows = Math.abs(begins - this.#ends) < tolerance / 1000;
      this.#offset = (follows ? this.#ends : Math.max(begins, this.#ends)) - fragment.time;
    }
    const time = this.#offset + fragment.time;
    this.#ends = time + fragment.duration;
    yield { kind: 'media', bytes: this.#rebase.next({ ...fragment, time }), at };
  }
}
