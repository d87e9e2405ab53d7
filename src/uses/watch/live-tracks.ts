import type { PixelBox, Size } from '../../core/box.ts';
import type { Observation, ObservedClass } from '../../core/observation.ts';
import type { Seconds } from '../../core/time.ts';
import type { Appearance } from '../../vision/track/appearance.ts';
import { Associator, type AssociationOptions } from '../../vision/track/association.ts';
import type { Tracklet } from '../../vision/track/tracklet.ts';

/** An observation with the colours it was seen in. */
export interface Sighted extends Observation {
  readonly appearance?: Appearance;
}

/** One thing followed on a camera, as it is now. Bounded however long it stays. */
export interface LiveTrack {
  /** Class and number, counted per class: `person-1`. */
  readonly id: string;
  readonly class: ObservedClass;
  readonly kind: string | undefined;
  /** As last seen, pixels. */
  readonly box: PixelBox;
  /** Pixels per second. */
  readonly velocity: { readonly x: number; readonly y: number };
  readonly firstSeen: Seconds;
  readonly lastSeen: Seconds;
  /** Whether the newest look showed it. */
  readonly seenNow: boolean;
  /** Scores of the newest observations, at most {@link keptScores}, oldest first. */
  readonly scores: readonly number[];
  /** Where its foot point was, thinned out as it grows, oldest first. */
  readonly path: readonly PathPoint[];
  readonly appearance: Appearance | undefined;
  /** Time since which it has kept its place. */
  readonly stillSince: Seconds;
}

export interface PathPoint {
  readonly time: Seconds;
  readonly x: number;
  readonly y: number;
}

export const keptScores = 50;
const keptPath = 128;
/** Share of its height by which a thing may tremble and still keep its place. */
const tremble = 0.3;

interface State {
  id: string | undefined;
  readonly firstSeen: Seconds;
  readonly class: ObservedClass;
  kind: string | undefined;
  box: PixelBox;
  lastSeen: Seconds;
  scores: number[];
  path: PathPoint[];
  anchor: PathPoint;
}

/** Follows what is seen on a camera that never ends: keeps what is there now, and forgets what has gone. */
export class LiveTracks {
  readonly #options: AssociationOptions;
  readonly #associators = new Map<ObservedClass, Associator>();
  readonly #states = new Map<Tracklet, State>();
  readonly #counts = new Map<ObservedClass, number>();
  #now: Seconds = 0;

  constructor(options: AssociationOptions) {
    this.#options = options;
  }

  /** Takes in all that one look showed. @param time later than that of the call before. */
  update(time: Seconds, observations: readonly Sighted[], frame: Size): void {
    this.#now = time;
    const groups = Map.groupBy(observations, (observation) => observation.class);
    for (const name of groups.keys()) {
      if (!this.#associators.has(name)) this.#associators.set(name, new Associator(this.#options));
    }
    for (const [name, associator] of this.#associators) {
      const group = groups.get(name) ?? [];
      for (const { tracklet, sighting } of associator.update(time, group, frame)) {
        this.#see(tracklet, time, group[sighting]!, associator.isConfirmed(tracklet));
      }
    }
    const alive = new Set([...this.#associators.values()].flatMap((associator) => associator.tracklets));
    for (const tracklet of this.#states.keys()) if (!alive.has(tracklet)) this.#states.delete(tracklet);
  }

  #see(tracklet: Tracklet, time: Seconds, observation: Sighted, confirmed: boolean): void {
    const { box, score, kind } = observation;
    const foot = { time, ...footOf(box) };
    const state = this.#states.get(tracklet) ?? {
      id: undefined,
      firstSeen: time,
      class: observation.class,
      kind,
      box,
      lastSeen: time,
      scores: [],
      path: [],
      anchor: foot,
    };
    this.#states.set(tracklet, state);
    state.box = box;
    state.kind = kind;
    state.lastSeen = time;
    state.scores = [...state.scores, score].slice(-keptScores);
    state.path.push(foot);
    if (state.path.length > keptPath) state.path = state.path.filter((_, at) => at === 0 || at % 2 === 1);
    if (Math.hypot(foot.x - state.anchor.x, foot.y - state.anchor.y) > tremble * box.height)
      state.anchor = foot;
    if (confirmed && state.id === undefined) {
      const number = (this.#counts.get(state.class) ?? 0) + 1;
      this.#counts.set(state.class, number);
      state.id = `${state.class}-${number}`;
    }
  }

  /** The confirmed tracks that have not ended, oldest first. */
  tracks(): LiveTrack[] {
    return [...this.#states].flatMap(([tracklet, state]) => {
      const { id, anchor, ...rest } = state;
      if (id === undefined) return [];
      return [
        {
          ...rest,
          id,
          velocity: tracklet.filter.velocity,
          seenNow: state.lastSeen === this.#now,
          appearance: tracklet.appearance,
          stillSince: anchor.time,
        },
      ];
    });
  }

  /** Where everything followed, sure or not yet, is expected at a time. */
  expected(time: Seconds): { readonly box: PixelBox; readonly still: boolean; readonly lastSeen: Seconds }[] {
    return [...this.#states].map(([tracklet, state]) => ({
      box: tracklet.expectedAt(time),
      still: isStill(state, time),
      lastSeen: state.lastSeen,
    }));
  }

  /** Whether everything followed keeps its place, as parked cars do; also when nothing is. */
  areStill(time: Seconds): boolean {
    return [...this.#states.values()].every((state) => isStill(state, time));
  }
}

function isStill({ anchor }: State, time: Seconds): boolean {
  return time - anchor.time > stillAfter;
}

/** Time after which what keeps its place is looked at again only now and then. */
const stillAfter: Seconds = 5;

/** The point at which a thing stands: the middle of its lower edge. */
export function footOf({ x, y, width, height }: PixelBox): { readonly x: number; readonly y: number } {
  return { x: x + width / 2, y: y + height };
}
