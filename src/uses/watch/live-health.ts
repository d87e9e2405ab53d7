import type { PictureHealth } from '../../vision/motion/health.ts';
import type { CameraHealth } from './live.ts';

/** Frames are counted over so many milliseconds; a share of them left out makes a camera slow, a smaller one ends it. */
const span = 5000;
const slowShare = 0.5;
const wellShare = 0.25;

/** Tells when the health of a camera's picture, or of the worker that looks at it, changes. */
export class LiveHealth {
  #told: CameraHealth['state'] = 'good';
  #began = 0;
  #looked = 0;
  #droppedBefore = 0;
  #slow: { readonly since: number; readonly share: number } | undefined;
  #bad: { readonly state: PictureHealth['state']; readonly since: number } | undefined;

  /**
   * @param at wall time of the frame, and `time` its stream time. @param dropped frames left out since the watch began.
   * @returns what is to be told, if anything has changed.
   */
  update(picture: PictureHealth, time: number, at: number, dropped: number): CameraHealth | undefined {
    this.#count(at, dropped);
    if (picture.state === 'good') this.#bad = undefined;
    else if (this.#bad?.state !== picture.state)
      this.#bad = { state: picture.state, since: Math.round(at - (time - picture.since) * 1000) };
    const now = this.#now(at);
    if (now.state === this.#told) return undefined;
    this.#told = now.state;
    return now;
  }

  #now(at: number): CameraHealth {
    // A picture that shows nothing matters more than one that comes late.
    if (this.#bad !== undefined) return this.#bad;
    return this.#slow === undefined
      ? { state: 'good', since: at }
      : { state: 'slow', since: this.#slow.since, leftOut: this.#slow.share };
  }

  #count(at: number, dropped: number): void {
    if (this.#began === 0) [this.#began, this.#droppedBefore] = [at, dropped];
    this.#looked++;
    if (at - this.#began < span) return;
    const left = dropped - this.#droppedBefore;
    const share = left / (left + this.#looked);
    if (share > slowShare) this.#slow ??= { since: this.#began, share };
    else if (share < wellShare) this.#slow = undefined;
    [this.#began, this.#looked, this.#droppedBefore] = [at, 0, dropped];
  }
}
