import type { CameraTime } from '../../media/live/index.ts';
import type { PictureHealth } from '../../vision/motion/health.ts';
import type { Seconds } from '../../core/time.ts';
import type { CameraHealth } from './live.ts';

/** Frames are counted over so many milliseconds; a share of them left out makes a camera slow, a smaller one ends it. */
const span = 5000;
const slowShare = 0.5;
const wellShare = 0.25;

/** Of a frame that was looked at. */
export interface HealthFacts {
  readonly picture: PictureHealth;
  /** Stream time, and wall time, milliseconds since 1970. */
  readonly time: Seconds;
  readonly at: number;
  /** Frames left out since the watch began. */
  readonly dropped: number;
  readonly clock: CameraTime;
}

/** Tells when the health of a camera's picture, of its clock, or of the worker that looks at it, changes. */
export class LiveHealth {
  #told: CameraHealth['state'] = 'good';
  #began = 0;
  #looked = 0;
  #droppedBefore = 0;
  #slow: { readonly since: number; readonly share: number } | undefined;
  #wrongSince: number | undefined;
  #bad: { readonly state: PictureHealth['state']; readonly since: number } | undefined;

  /** Pictures come again after they did not: what they suffer from is told anew, and nothing of before counts. */
  restart(): void {
    this.#told = 'good';
    [this.#began, this.#looked] = [0, 0];
    this.#slow = this.#bad = this.#wrongSince = undefined;
  }

  /** @returns what is to be told, if anything has changed. */
  update({ picture, time, at, dropped, clock }: HealthFacts): CameraHealth | undefined {
    this.#count(at, dropped);
    if (picture.state === 'good') this.#bad = undefined;
    else if (this.#bad?.state !== picture.state)
      this.#bad = { state: picture.state, since: Math.round(at - (time - picture.since) * 1000) };
    this.#wrongSince = clock.right ? undefined : (this.#wrongSince ?? at);
    const now = this.#now(at, clock);
    if (now.state === this.#told) return undefined;
    this.#told = now.state;
    return now;
  }

  #now(at: number, { off }: CameraTime): CameraHealth {
    // A picture that shows nothing matters more than one whose time is wrong, or that comes late.
    if (this.#bad !== undefined) return this.#bad;
    if (this.#wrongSince !== undefined)
      return { state: 'out-of-time', since: this.#wrongSince, ...(off === undefined ? {} : { off }) };
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
