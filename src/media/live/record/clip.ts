import type { Seconds } from '../../../core/time.ts';
import type { Fragment } from '../fragment.ts';
import { movedFragment } from './moof.ts';
import type { TrackHead } from './track.ts';

/** A stretch of stream time. */
export interface Span {
  readonly from: Seconds;
  readonly to: Seconds;
}

/** What a recording does not show of what was asked for, and why. */
export interface Missing extends Span {
  readonly why: 'before the first key frame held' | 'no pictures came' | 'not recorded to its end';
}

/** A part of a camera's stream, not encoded again. It begins at a key frame, mostly a little before what was asked for. */
export interface Clip {
  readonly head: TrackHead;
  readonly fragments: readonly Fragment[];
  readonly asked: Span;
  readonly begins: Seconds;
  readonly ends: Seconds;
  readonly missing: readonly Missing[];
}

/** Two fragments that are further apart than this have a gap between them. */
export const longestPause: Seconds = 0.5;

export function endOf({ time, duration }: Fragment): Seconds {
  return time + duration;
}

/** What a run of fragments shows, and what is missing in it. */
export class Coverage {
  #shown: Span | undefined;
  readonly #pauses: Missing[] = [];

  /** Fragments come in their order. */
  add(fragment: Fragment): void {
    const shown = this.#shown;
    if (shown !== undefined && fragment.time - shown.to > longestPause)
      this.#pauses.push({ from: shown.to, to: fragment.time, why: 'no pictures came' });
    this.#shown = { from: shown?.from ?? fragment.time, to: endOf(fragment) };
  }

  /** Undefined while there is nothing. */
  get shown(): Span | undefined {
    return this.#shown;
  }

  missing(asked: Span): readonly Missing[] {
    const { from, to } = this.#shown ?? { from: asked.to, to: asked.to };
    const start: Missing = { from: asked.from, to: from, why: 'before the first key frame held' };
    const end: Missing = { from: to, to: asked.to, why: 'not recorded to its end' };
    return [
      ...(from > asked.from ? [start] : []),
      ...this.#pauses,
      ...(asked.to - to > longestPause ? [end] : []),
    ];
  }
}

/** Rewrites fragments one after the other so that the first of them begins at 0. */
export class Rebase {
  readonly #head: TrackHead;
  readonly #begins: Seconds;
  #sequence = 0;

  constructor(head: TrackHead, begins: Seconds) {
    this.#head = head;
    this.#begins = begins;
  }

  next(fragment: Fragment): Uint8Array {
    this.#sequence++;
    const time = fragment.time - this.#begins;
    return movedFragment(fragment, this.#head, { time, sequence: this.#sequence });
  }
}

/** The clip as a file of its own that begins at 0. */
export function* clipBytes({ head, fragments, begins }: Clip): Generator<Uint8Array> {
  yield head.bytes;
  const rebase = new Rebase(head, begins);
  for (const fragment of fragments) yield rebase.next(fragment);
}
