import type { Seconds } from '../../../core/time.ts';
import type { Fragment, StreamHead } from '../fragment.ts';
import { Coverage, endOf, type Clip, type Span } from './clip.ts';
import { readHead, type TrackHead } from './track.ts';
import { sameHead } from './split.ts';

export interface RingLimits {
  /** At least this much is kept, and up to one group of pictures more. */
  readonly seconds: Seconds;
  /** Never exceeded, even if that leaves less than `seconds`. */
  readonly bytes: number;
}

/** What a ring holds. */
export interface RingState extends Span {
  readonly fragments: number;
  readonly bytes: number;
  /** Since when nothing could be kept because no key frame came; absent while all is well. */
  readonly waitingForKeyFrame?: Seconds;
}

/** The last seconds of a camera's stream as they came. It always begins at a key frame. */
export class PacketRing {
  readonly #limits: RingLimits;
  #head: TrackHead | undefined;
  #fragments: Fragment[] = [];
  #bytes = 0;
  #waiting: Seconds | undefined;

  constructor(limits: RingLimits) {
    this.#limits = limits;
  }

  /**
   * The stream begins, or begins again. With the same head it goes on; with another one nothing that was held fits any more.
   * @throws TidewaiterError `E_FRAGMENTS`.
   */
  start(head: StreamHead): void {
    if (this.#head !== undefined && sameHead(this.#head, head)) return;
    this.#clear();
    this.#head = readHead(head.bytes);
  }

  push(fragment: Fragment): void {
    const last = this.#fragments.at(-1);
    // A stream whose times jump back is another one: nothing can be put in order with what was before.
    if (last !== undefined && fragment.time < last.time) this.#clear();
    if (this.#fragments.length === 0 && !fragment.keyFrame) {
      this.#waiting ??= fragment.time;
      return;
    }
    this.#waiting = undefined;
    this.#fragments.push(fragment);
    this.#bytes += fragment.bytes.length;
    this.#drop(endOf(fragment) - this.#limits.seconds);
  }

  /** Drops whole groups of pictures that are older than `before`, and as many as the limit of bytes asks for. */
  #drop(before: Seconds): void {
    for (;;) {
      const next = this.#fragments.findIndex(({ keyFrame }, index) => index > 0 && keyFrame);
      const second = this.#fragments[next];
      const tooLarge = this.#bytes > this.#limits.bytes;
      if (!tooLarge && (second === undefined || second.time > before)) return;
      // One group alone is too large: without its key frame none of it can be shown.
      if (second === undefined) {
        const { from } = this.state();
        this.#clear();
        this.#waiting = from;
        return;
      }
      for (const { bytes } of this.#fragments.splice(0, next)) this.#bytes -= bytes.length;
    }
  }

  #clear(): void {
    this.#fragments = [];
    this.#bytes = 0;
    this.#waiting = undefined;
  }

  state(): RingState {
    const [first, last] = [this.#fragments[0], this.#fragments.at(-1)];
    return {
      from: first?.time ?? 0,
      to: last === undefined ? 0 : endOf(last),
      fragments: this.#fragments.length,
      bytes: this.#bytes,
      ...(this.#waiting === undefined ? {} : { waitingForKeyFrame: this.#waiting }),
    };
  }

  get head(): TrackHead | undefined {
    return this.#head;
  }

  /**
   * What is held of a stretch of stream time, from the key frame at or before its beginning.
   * @returns undefined when nothing of it is held.
   */
  clipOf(from: Seconds, to: Seconds): Clip | undefined {
    const before = this.#fragments.findLastIndex(({ keyFrame, time }) => keyFrame && time <= from);
    const fragments = this.#fragments.slice(Math.max(0, before)).filter(({ time }) => time < to);
    const [first, last] = [fragments[0], fragments.at(-1)];
    if (this.#head === undefined || first === undefined || last === undefined || endOf(last) <= from)
      return undefined;
    const coverage = new Coverage();
    for (const fragment of fragments) coverage.add(fragment);
    const asked = { from, to };
    const missing = coverage.missing(asked);
    return { head: this.#head, fragments, asked, begins: first.time, ends: endOf(last), missing };
  }
}
