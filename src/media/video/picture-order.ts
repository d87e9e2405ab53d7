import type { Frame } from 'node-av/lib';

/** One moment of the video: a decoded frame, or the place of one that could not be decoded. */
export interface Picture {
  /** Undefined when there is nothing that may be shown. Whoever holds the picture frees it. */
  readonly frame: Frame | undefined;
  /** Ticks of the stream's time base. */
  readonly pts: bigint;
  readonly keyFrame: boolean;
}

/** More held pictures than this mean that decoding times cannot be trusted; the oldest is given out then. */
const maximumHeld = 24;

/**
 * Puts pictures in presentation order and finds out which packets never became one. A picture is held until the
 * packets read since are all to be shown later, because packets that the decoder skips without a word (frames that
 * lead a stream cut in the middle) may have to be shown before it.
 */
export class PictureOrder {
  /** Presentation times of packets that were sent and have not come out, in sending order. */
  #awaited: bigint[] = [];
  #suspects = new Set<bigint>();
  #held: Picture[] = [];
  #lastGiven: bigint | undefined;
  #nothingEarlierThan: bigint | undefined;
  #suspectAll = true;
  /** Pictures whose time was not after that of the picture before, and was moved by a tick. */
  retimed = 0;
  /** Packets that never became a picture. */
  lost = 0;

  sent(pts: bigint | undefined, dts: bigint | undefined): void {
    if (pts !== undefined) this.#awaited.push(pts);
    if (dts !== undefined) this.#nothingEarlierThan = dts;
  }

  /** The last `count` packets may be lost: those that do not come out become pictures without a frame. */
  suspectLast(count: number): void {
    for (const pts of this.#awaited.slice(-count)) this.#suspects.add(pts);
  }

  /**
   * The stream can be shown from here on.
   * @param everyPacketShows false when packets may rightly vanish (second fields, hidden frames): then only suspects
   *   that do not come out are lost.
   */
  leadingEndsAt(pts: bigint, everyPacketShows: boolean): void {
    for (const awaited of this.#awaited) if (awaited < pts) this.#suspects.add(awaited);
    this.#suspectAll = everyPacketShows;
  }

  decoded(picture: Picture): void {
    this.#awaited = this.#awaited.filter((pts) => pts !== picture.pts);
    this.#suspects.delete(picture.pts);
    let at = this.#held.length;
    while (at > 0 && (this.#held[at - 1]?.pts ?? picture.pts) > picture.pts) at--;
    this.#held.splice(at, 0, picture);
  }

  /** Pictures that may be given out now; all of them at the end of the stream. */
  *ready(atEnd: boolean): Generator<Picture> {
    for (;;) {
      const next = this.#held[0];
      const bound = this.#nothingEarlierThan;
      const due =
        atEnd ||
        this.#held.length > maximumHeld ||
        (bound !== undefined && next !== undefined && next.pts <= bound);
      if (next === undefined || !due) break;
      yield* this.#lostBefore(next.pts);
      this.#held.shift();
      yield this.#given(next);
    }
    if (atEnd) yield* this.#lostBefore(undefined);
  }

  /** Frees what was never given out. */
  dispose(): void {
    for (const { frame } of this.#held) frame?.free();
    this.#held = [];
  }

  *#lostBefore(limit: bigint | undefined): Generator<Picture> {
    const passed = this.#awaited.filter((pts) => limit === undefined || pts < limit);
    this.#awaited = this.#awaited.filter((pts) => limit !== undefined && pts >= limit);
    const lost = passed.filter((pts) => this.#suspectAll || this.#suspects.has(pts));
    for (const pts of passed) this.#suspects.delete(pts);
    for (const pts of lost.sort((a, b) => (a < b ? -1 : 1))) {
      this.lost++;
      yield this.#given({ frame: undefined, pts, keyFrame: false });
    }
  }

  #given(picture: Picture): Picture {
    const last = this.#lastGiven;
    if (last !== undefined && picture.pts <= last) {
      this.retimed++;
      this.#lastGiven = last + 1n;
      return { ...picture, pts: last + 1n };
    }
    this.#lastGiven = picture.pts;
    return picture;
  }
}
