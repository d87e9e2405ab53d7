import type { Size } from '../../core/box.ts';
import type { Seconds } from '../../core/time.ts';
import { likeness } from '../../vision/track/appearance.ts';
import { sizeOf } from '../../vision/track/kalman.ts';
import type { LiveTrack } from './live-tracks.ts';

/** Time for which somebody who was lost may be found again. */
export const memory: Seconds = 5;
/** Sizes by which they may be off from where their motion would have led: at once, and more for each second. */
const straying = { sizes: 0.8, perSecond: 0.9 };
/** Ratio of heights, and likeness of colours, below which they are somebody else. */
const leastRatio = 0.7;
const leastLikeness = 0.72;

/** Nearness of a box to the picture's edge, as a share of its width, at which somebody who is lost has walked out. */
const edgeNearness = 0.25;

interface Known {
  readonly identity: string;
  track: LiveTrack;
}

/**
 * Says which tracks are the same thing: a track that begins where another was lost a moment ago, of the same class and
 * size, moving on as that one moved, and of its colours. Raw tracks stay as they are; this only gives them a common name,
 * the id of the first.
 */
export class Identities {
  readonly #picture: Size;
  readonly #known = new Map<string, Known>();

  constructor(picture: Size) {
    this.#picture = picture;
  }

  /** Takes in the tracks of one look. @returns the identity of each, by track id. */
  update(time: Seconds, tracks: readonly LiveTrack[]): ReadonlyMap<string, string> {
    for (const [id, { track }] of this.#known) if (time - track.lastSeen > memory) this.#known.delete(id);
    for (const track of tracks) {
      const known = this.#known.get(track.id);
      if (known !== undefined) known.track = track;
    }
    for (const track of tracks) {
      if (this.#known.has(track.id)) continue;
      const earlier = track.seenNow ? this.#find(track) : undefined;
      this.#known.set(track.id, { identity: earlier?.identity ?? track.id, track });
    }
    return new Map([...this.#known].map(([id, { identity }]) => [id, identity]));
  }

  #find(track: LiveTrack): Known | undefined {
    const taken = new Set(
      [...this.#known.values()].flatMap((known) => (known.track.seenNow ? [known.identity] : [])),
    );
    const fitting = [...this.#known.values()].flatMap((known) => {
      // Who walked out of the picture is gone: the next one at that edge comes in anew, whoever it is.
      if (taken.has(known.identity) || leaves(known.track, this.#picture)) return [];
      const distance = mismatch(known.track, track);
      return distance === undefined ? [] : [{ known, distance }];
    });
    return fitting.sort((a, b) => a.distance - b.distance)[0]?.known;
  }
}

/** Whether something that was lost was at the picture's left or right edge, on its way out. */
function leaves({ box, velocity }: LiveTrack, { width }: Size): boolean {
  const near = edgeNearness * box.width;
  return (box.x < near && velocity.x < 0) || (box.x + box.width > width - near && velocity.x > 0);
}

/** How badly a new track goes on from a lost one; undefined when it does not. */
function mismatch(lost: LiveTrack, found: LiveTrack): number | undefined {
  const gap = found.firstSeen - lost.lastSeen;
  if (lost.class !== found.class || gap <= 0 || gap > memory) return undefined;
  const ratio = Math.min(lost.box.height, found.box.height) / Math.max(lost.box.height, found.box.height);
  if (ratio < leastRatio) return undefined;
  const alike =
    lost.appearance === undefined || found.appearance === undefined
      ? 1
      : likeness(lost.appearance, found.appearance);
  if (alike < leastLikeness) return undefined;
  const start = found.path[0]!;
  const end = lost.path.at(-1)!;
  const off = Math.hypot(start.x - end.x - lost.velocity.x * gap, start.y - end.y - lost.velocity.y * gap);
  const distance = off / sizeOf(lost.box);
  return distance <= straying.sizes + straying.perSecond * gap ? distance + 1 - alike : undefined;
}
