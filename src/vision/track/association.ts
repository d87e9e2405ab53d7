import type { PixelBox, Size } from '../../core/box.ts';
import type { Seconds } from '../../core/time.ts';
import { assign } from '../../stats/assignment.ts';
import type { BoxFilterNoise } from './kalman.ts';
import { likeness, type Appearance } from './appearance.ts';
import { bufferedIou, continuation } from './similarity.ts';
import { Tracklet } from './tracklet.ts';

/** How observations are joined to tracks. Scores are the detector's own, 0..1. */
export interface AssociationOptions {
  /** Observations below it are ignored. */
  readonly lowScore: number;
  /** Observations from here up are matched first; the others only continue tracks that found nothing better. */
  readonly highScore: number;
  /** Observations from here up may start a track. */
  readonly birthScore: number;
  /** Observations after which a track counts as confirmed. */
  readonly minHits: number;
  /** Time without observation after which a confirmed track ends, if it was looked for at least once meanwhile. */
  readonly lostAfter: Seconds;
  /** The same for a track not yet confirmed. */
  readonly unconfirmedLostAfter: Seconds;
  /** Lowest buffered IoU of a match with a high-score, and with a low-score observation. */
  readonly minOverlap: number;
  readonly minOverlapLow: number;
  /** Weight of the direction of motion against overlap. */
  readonly momentum: number;
  /** Enlargement of boxes on every side for comparison, as a share of their size. */
  readonly buffer: number;
  readonly noise: BoxFilterNoise;
  /** Weight of likeness against overlap, where observations come with their appearance; 0 leaves it out. */
  readonly appearance: number;
}

/** What association needs to know of an observation. */
export interface Sighting {
  readonly box: PixelBox;
  readonly score: number;
  readonly appearance?: Appearance | undefined;
}

/** Says that an observation, by its place in the list given, belongs to a track. */
export interface Match {
  readonly tracklet: Tracklet;
  readonly sighting: number;
}

/** Observations of one update by place, sorted into those still free. */
type Places = readonly number[];

type Cost = (tracklet: Tracklet, sighting: Sighting) => number;

/** Age of the observation that, with the last one, gives the direction of motion. */
const momentumAge: Seconds = 0.3;

/** Likeness that speaks neither for nor against a match: strangers are seldom more alike, one person seldom less. */
const neutralLikeness = 0.7;

/**
 * Follows the things of one class. Two-stage association by score after ByteTrack (Zhang et al., ECCV 2022) with the
 * observation-centric momentum, recovery and re-update of OC-SORT (Cao et al., CVPR 2023), compared by the buffered IoU
 * of C-BIoU (Yang et al., WACV 2023).
 */
export class Associator {
  readonly #options: AssociationOptions;
  #tracklets: Tracklet[] = [];

  constructor(options: AssociationOptions) {
    this.#options = options;
  }

  /** Tracks that have not ended, oldest first. */
  get tracklets(): readonly Tracklet[] {
    return this.#tracklets;
  }

  isConfirmed(tracklet: Tracklet): boolean {
    return tracklet.hits >= this.#options.minHits;
  }

  /** Ends all tracks. */
  clear(): void {
    this.#tracklets = [];
  }

  /**
   * Takes in all observations of one moment.
   * @param time later than that of the previous call.
   * @returns the observations that belong to a track, new tracks included.
   */
  update(time: Seconds, sightings: readonly Sighting[], frame: Size): Match[] {
    this.#predict(time, frame);
    const { highScore, lowScore, birthScore, minOverlap, minOverlapLow } = this.#options;
    const matches: Match[] = [];
    const take = (
      tracklets: readonly Tracklet[],
      places: Places,
      cost: Cost,
      minimum: number,
    ): Tracklet[] => {
      const found = matchAll(tracklets, sightings, places, cost, 1 - minimum);
      matches.push(...found);
      const taken = new Set(found.map((match) => match.tracklet));
      return tracklets.filter((tracklet) => !taken.has(tracklet));
    };
    const open = (low: number, high: number): number[] => {
      const taken = new Set(matches.map((match) => match.sighting));
      return [...sightings.keys()].filter((place) => {
        const { score } = sightings[place]!;
        return score >= low && score < high && !taken.has(place);
      });
    };

    const confirmed = this.#tracklets.filter((tracklet) => this.isConfirmed(tracklet));
    const tentative = this.#tracklets.filter((tracklet) => !this.isConfirmed(tracklet));
    let rest = take(confirmed, open(highScore, Infinity), this.#predictedCost, minOverlap);
    rest = take(rest, open(lowScore, highScore), this.#overlapCost, minOverlapLow);
    rest = take(rest, open(highScore, Infinity), this.#recoveryCost, minOverlap);
    const missed = [...rest, ...take(tentative, open(highScore, Infinity), this.#predictedCost, minOverlap)];

    for (const { tracklet, sighting } of matches) {
      const { box, appearance } = sightings[sighting]!;
      tracklet.observe(box, appearance);
    }
    for (const tracklet of missed) tracklet.miss();
    for (const place of open(birthScore, Infinity)) {
      const { box, appearance } = sightings[place]!;
      const tracklet = new Tracklet(time, box, this.#options.noise, appearance);
      this.#tracklets.push(tracklet);
      matches.push({ tracklet, sighting: place });
    }
    return matches;
  }

  /** Moves all tracks to `time` and ends those that have been lost too long or have left the picture. */
  #predict(time: Seconds, frame: Size): void {
    const { lostAfter, unconfirmedLostAfter } = this.#options;
    this.#tracklets = this.#tracklets.filter((tracklet) => {
      const patience = this.isConfirmed(tracklet) ? lostAfter : unconfirmedLostAfter;
      if (tracklet.isMissed && time - tracklet.lastSeen.time > patience) return false;
      tracklet.predict(time);
      return touches(tracklet.filter.box, frame);
    });
  }

  readonly #overlapCost: Cost = (tracklet, sighting) =>
    1 - bufferedIou(tracklet.filter.box, sighting.box, this.#options.buffer);

  readonly #predictedCost: Cost = (tracklet, sighting) => {
    const overlap = this.#overlapCost(tracklet, sighting);
    const earlier = tracklet.observationBefore(momentumAge);
    const straight = continuation(earlier, tracklet.lastSeen, sighting.box);
    const alike = likenessOf(tracklet, sighting);
    const looks = alike === undefined ? 0 : this.#options.appearance * (neutralLikeness - alike);
    return overlap + looks - this.#options.momentum * sighting.score * straight;
  };

  /** Against the last observation: finds what stood still or turned while the prediction ran on. */
  readonly #recoveryCost: Cost = (tracklet, sighting) =>
    1 - bufferedIou(tracklet.lastSeen.box, sighting.box, this.#options.buffer);
}

function matchAll(
  tracklets: readonly Tracklet[],
  sightings: readonly Sighting[],
  places: Places,
  cost: Cost,
  limit: number,
): Match[] {
  const costs = new Float64Array(tracklets.length * places.length);
  tracklets.forEach((tracklet, row) => {
    places.forEach((place, column) => {
      costs[row * places.length + column] = cost(tracklet, sightings[place]!);
    });
  });
  const columnOf = assign(costs, tracklets.length, places.length, limit);
  return tracklets.flatMap((tracklet, row) => {
    const column = columnOf[row]!;
    return column < 0 ? [] : [{ tracklet, sighting: places[column]! }];
  });
}

function likenessOf(tracklet: Tracklet, { appearance }: Sighting): number | undefined {
  if (tracklet.appearance === undefined || appearance === undefined) return undefined;
  return likeness(tracklet.appearance, appearance);
}

function touches(box: PixelBox, frame: Size): boolean {
  return box.x < frame.width && box.y < frame.height && box.x + box.width > 0 && box.y + box.height > 0;
}
