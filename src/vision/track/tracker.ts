import type { PixelBox, Size } from '../../core/box.ts';
import type { Observation, ObservedClass } from '../../core/observation.ts';
import type { Seconds } from '../../core/time.ts';
import { type AssociationOptions, Associator } from './association.ts';
import { defaultAssociation } from './options.ts';
import type { Tracklet } from './tracklet.ts';

/** One observation of a track. */
export interface TrackDetection {
  readonly time: Seconds;
  readonly frame: number;
  /** Pixels of the picture as displayed. */
  readonly box: PixelBox;
  readonly score: number;
  readonly observation: Observation;
}

/** One thing followed through time. */
export interface Track {
  /** Class and number, counted per class in order of confirmation: `person-1`. */
  readonly id: string;
  readonly class: ObservedClass;
  /** In order of time; at least one. */
  readonly detections: readonly TrackDetection[];
}

/** A confirmed track as it is expected to be at a moment. */
export interface ActiveTrack {
  readonly id: string;
  readonly class: ObservedClass;
  /** Predicted, in pixels; it may reach out of the picture. */
  readonly box: PixelBox;
  /** Pixels per second. */
  readonly velocity: { readonly x: number; readonly y: number };
  /** Time of the last observation. */
  readonly lastSeen: Seconds;
}

interface OpenTrack {
  /** Undefined until confirmed. */
  id?: string;
  readonly class: ObservedClass;
  readonly detections: TrackDetection[];
}

/**
 * Follows things from frame to frame while a video runs. Detection may run on every frame or on some, at regular or
 * irregular times; each class is followed by itself. The same calls always give the same tracks. See {@link Associator}
 * for the method, and `trackTwoWay` for files, which can also look back.
 */
export class Tracker {
  readonly #options: AssociationOptions;
  readonly #associators = new Map<ObservedClass, Associator>();
  readonly #open = new Map<Tracklet, OpenTrack>();
  readonly #confirmed = new Map<ObservedClass, number>();
  #ended: Track[] = [];

  /** @param options differences from {@link defaultAssociation}. */
  constructor(options: Partial<AssociationOptions> = {}) {
    this.#options = { ...defaultAssociation, ...options };
  }

  /**
   * Takes in everything observed in one frame.
   * @param time seconds, later than that of the previous call.
   * @param frameSize pixels of the picture as displayed.
   */
  update(time: Seconds, frame: number, observations: readonly Observation[], frameSize: Size): void {
    const groups = Map.groupBy(observations, (observation) => observation.class);
    for (const name of groups.keys()) {
      if (!this.#associators.has(name)) this.#associators.set(name, new Associator(this.#options));
    }
    for (const [name, associator] of this.#associators) {
      const group = groups.get(name) ?? [];
      for (const { tracklet, sighting } of associator.update(time, group, frameSize)) {
        this.#record(tracklet, time, frame, group[sighting]!);
        if (associator.isConfirmed(tracklet)) this.#confirm(tracklet);
      }
    }
    this.#closeLost();
  }

  #record(tracklet: Tracklet, time: Seconds, frame: number, observation: Observation): void {
    let track = this.#open.get(tracklet);
    if (track === undefined) {
      track = { class: observation.class, detections: [] };
      this.#open.set(tracklet, track);
    }
    track.detections.push({ time, frame, box: observation.box, score: observation.score, observation });
  }

  #confirm(tracklet: Tracklet): void {
    const track = this.#open.get(tracklet)!;
    if (track.id !== undefined) return;
    const number = (this.#confirmed.get(track.class) ?? 0) + 1;
    this.#confirmed.set(track.class, number);
    track.id = `${track.class}-${number}`;
  }

  #closeLost(): void {
    const alive = new Set([...this.#associators.values()].flatMap((associator) => associator.tracklets));
    for (const [tracklet, track] of this.#open) {
      if (alive.has(tracklet)) continue;
      this.#open.delete(tracklet);
      if (track.id !== undefined) this.#ended.push({ ...track, id: track.id });
    }
  }

  /** Ends all tracks: the next frame shows another scene. */
  cut(): void {
    for (const associator of this.#associators.values()) associator.clear();
    this.#closeLost();
  }

  /** Confirmed tracks, with their boxes predicted for `time`, which is not before the last update. */
  active(time: Seconds): ActiveTrack[] {
    return [...this.#open].flatMap(([tracklet, track]) => {
      if (track.id === undefined) return [];
      const { velocity } = tracklet.filter;
      const lastSeen = tracklet.lastSeen.time;
      return [{ id: track.id, class: track.class, box: tracklet.expectedAt(time), velocity, lastSeen }];
    });
  }

  /** Hands over the confirmed tracks that have ended since the last call, and forgets them. */
  takeEnded(): Track[] {
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  /** Ends all tracks and hands over those not yet taken. */
  finish(): Track[] {
    this.cut();
    return this.takeEnded();
  }
}
