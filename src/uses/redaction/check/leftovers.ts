import { area, iou, type PixelBox } from '../../../core/box.ts';
import type { Seconds } from '../../../core/time.ts';
import type { Sighting } from './sightings.ts';

/** What is seen at one place through several looks. */
export interface Leftover {
  readonly class: string;
  readonly sightings: readonly Sighting[];
  readonly level: 'leak' | 'doubt';
}

/** Scores from which one sighting, or two at one place, tell of a thing and not of a model's whim. */
interface Evidence {
  readonly once: number;
  readonly twice: number;
}

const evidence: Readonly<Record<string, Evidence>> = {
  face: { once: 0.95, twice: 0.9 },
  head: { once: 0.8, twice: 0.55 },
  text: { once: 0.5, twice: 0.5 },
  plate: { once: 0.5, twice: 0.5 },
  code: { once: 0.5, twice: 0.5 },
};
const otherEvidence: Evidence = { once: 0.8, twice: 0.55 };
/** What is seen once and scores less is not worth anybody's look: there is such a face in every second wall. */
export const leastOnce = 0.45;

/** Farthest that a thing moves from look to look, in sides of a square of its area. */
const REACH = 1;
/** A thing may be missed in this many looks in a row. */
const PATIENCE = 1;

interface Open {
  readonly sightings: Sighting[];
  missed: number;
}

/** Links what was left over in consecutive looks, and weighs it. */
export class LeftoverTracks {
  readonly #closed: Open[] = [];
  #open: Open[] = [];

  /** Takes in the next look. */
  add(sightings: readonly Sighting[]): void {
    const free = new Set(this.#open);
    for (const sighting of sightings.toSorted((a, b) => b.score - a.score)) {
      const track = nearest(sighting, free);
      if (track === undefined) {
        this.#open.push({ sightings: [sighting], missed: -1 });
        continue;
      }
      free.delete(track);
      track.sightings.push(sighting);
      track.missed = -1;
    }
    for (const track of this.#open) track.missed += 1;
    this.#closed.push(...this.#open.filter(({ missed }) => missed > PATIENCE));
    this.#open = this.#open.filter(({ missed }) => missed <= PATIENCE);
  }

  /** Nothing goes on through a cut. */
  cut(): void {
    this.#closed.push(...this.#open);
    this.#open = [];
  }

  all(): Leftover[] {
    return [...this.#closed, ...this.#open]
      .filter(({ sightings }) => sightings.length > 1 || sightings[0]!.score >= leastOnce)
      .map(({ sightings }): Leftover => {
        const name = sightings[0]!.class;
        return { class: name, sightings, level: isSure(name, sightings) ? 'leak' : 'doubt' };
      });
  }
}

function isSure(name: string, sightings: readonly Sighting[]): boolean {
  const { once, twice } = evidence[name] ?? otherEvidence;
  const [best = 0, second = 0] = sightings.map(({ score }) => score).sort((a, b) => b - a);
  return best >= once || (sightings.length >= 2 && (best + second) / 2 >= twice);
}

function nearest(sighting: Sighting, tracks: Iterable<Open>): Open | undefined {
  let best: { track: Open; worth: number } | undefined;
  for (const track of tracks) {
    const last = track.sightings.at(-1)!;
    if (last.class !== sighting.class || !isNear(last.box, sighting.box)) continue;
    const worth = iou(last.box, sighting.box);
    if (best === undefined || worth > best.worth) best = { track, worth };
  }
  return best?.track;
}

function isNear(a: PixelBox, b: PixelBox): boolean {
  const across = a.x + a.width / 2 - b.x - b.width / 2;
  const down = a.y + a.height / 2 - b.y - b.height / 2;
  return Math.hypot(across, down) <= REACH * Math.sqrt(Math.max(area(a), area(b)));
}

/** When something was first and last seen. */
export function spanOf({ sightings }: Leftover): { readonly start: Seconds; readonly end: Seconds } {
  return { start: sightings[0]!.time, end: sightings.at(-1)!.time };
}
