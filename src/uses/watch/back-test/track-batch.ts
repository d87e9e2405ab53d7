import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { PixelBox, Size } from '../../../core/box.ts';
import type { Seconds } from '../../../core/time.ts';
import type { Seen } from '../rules/firing.ts';

/** One thing as one look showed it: all that rules about tracks need of it. No colours: those are never kept. */
export interface StoredThing {
  readonly track: string;
  readonly identity: string;
  /** Pixels, to a quarter. */
  readonly box: PixelBox;
  /** Scores since the look before; of a new track all so far. Hundredths. */
  readonly scores: readonly number[];
}

/** What one look showed. Looks that showed nobody are not kept: they change nothing for rules about tracks. */
export interface StoredLook {
  /** Stream time, to a millisecond. */
  readonly time: Seconds;
  /** Wall time, milliseconds since 1970. */
  readonly at: number;
  readonly things: readonly StoredThing[];
}

/** Looks of about a minute, packed: about 17 kB a minute with five persons in the picture at seven frames a second. */
export interface TrackBatch {
  /** Counts how often a run of a camera began to follow anew; names of tracks hold within one. */
  readonly segment: number;
  readonly picture: Size;
  /** Wall times of the first and the last look, milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly looks: number;
  /** {@link unpack}s. Base64. */
  readonly packed: string;
}

/** Wall time after which a batch is handed over, and looks after which it is at any rate, milliseconds. */
const longestMs = 60_000;
const mostLooks = 3600;
/** Steps of a pixel, and of a score. */
const pixelSteps = 4;
const scoreSteps = 100;
/** Bytes that a batch may unpack to: what is read back comes from a database that others write to. */
const mostBytes = 32e6;

type Box4 = readonly [x: number, y: number, width: number, height: number];
/** Names by number, then looks: time and wall time since the look before, and things: track, identity, box since before, scores. */
interface Packed {
  readonly names: readonly string[];
  readonly looks: readonly (readonly [time: number, at: number, things: readonly (readonly number[])[]])[];
}

/** Gathers what a camera follows. Bounded: hands over a batch each minute. */
export class TrackRecorder {
  readonly #segment: number;
  readonly #picture: Size;
  readonly #known = new Set<string>();
  #looks: StoredLook[] = [];

  constructor(segment: number, picture: Size) {
    this.#segment = segment;
    this.#picture = { width: picture.width, height: picture.height };
  }

  /** Takes in a look, in order of time. @returns a batch when one is full. */
  add(seen: readonly Seen[], time: Seconds, at: number): TrackBatch | undefined {
    const first = this.#looks[0]?.at ?? at;
    const full = at - first >= longestMs || at < first || this.#looks.length >= mostLooks;
    const batch = full ? this.end() : undefined;
    if (seen.length > 0)
      this.#looks.push({
        time,
        at,
        things: seen.map(({ track, identity }) => ({
          ...{ track: track.id, identity, box: track.box },
          scores: this.#known.has(track.id) ? track.scores.slice(-1) : track.scores,
        })),
      });
    for (const { track } of seen) this.#known.add(track.id);
    if (this.#known.size > mostLooks) this.#forget(seen);
    return batch;
  }

  /** What is left over. */
  end(): TrackBatch | undefined {
    const looks = this.#looks;
    const [first, last] = [looks[0], looks.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    this.#looks = [];
    return {
      ...{ segment: this.#segment, picture: this.#picture, from: first.at, to: last.at },
      ...{ looks: looks.length, packed: pack(looks) },
    };
  }

  /** Names are never used again, so that only those in the picture need to be known. */
  #forget(seen: readonly Seen[]): void {
    this.#known.clear();
    for (const { track } of seen) this.#known.add(track.id);
  }
}

function pack(looks: readonly StoredLook[]): string {
  const names = new Map<string, number>();
  const numberOf = (name: string): number => {
    const number = names.get(name) ?? names.size;
    names.set(name, number);
    return number;
  };
  const boxes = new Map<string, Box4>();
  let [time, at] = [0, 0];
  const rows = looks.map((look): Packed['looks'][number] => {
    const [now, wall] = [Math.round(look.time * 1000), Math.round(look.at)];
    const row = [
      now - time,
      wall - at,
      look.things.map(({ track, identity, box, scores }) => {
        const before = boxes.get(track) ?? [0, 0, 0, 0];
        const { x, y, width, height } = box;
        const steps = [x, y, width, height].map((value) => Math.round(value * pixelSteps));
        boxes.set(track, steps as unknown as Box4);
        return [
          ...[numberOf(track), numberOf(identity)],
          ...steps.map((value, part) => value - before[part]!),
          ...scores.map((score) => Math.round(score * scoreSteps)),
        ];
      }),
    ] as const;
    [time, at] = [now, wall];
    return row;
  });
  const packed: Packed = { names: [...names.keys()], looks: rows };
  return deflateRawSync(JSON.stringify(packed), { level: 9 }).toString('base64');
}

/** The looks of a batch, in order. */
export function unpack({ packed }: Pick<TrackBatch, 'packed'>): StoredLook[] {
  const json = inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: mostBytes }).toString();
  const { names, looks } = JSON.parse(json) as Packed;
  const boxes = new Map<number, Box4>();
  let [time, at] = [0, 0];
  return looks.map(([later, wall, things]) => {
    time += later;
    at += wall;
    return {
      time: time / 1000,
      at,
      things: things.map(([track, identity, x, y, width, height, ...scores]) => {
        const before = boxes.get(track!) ?? [0, 0, 0, 0];
        const steps: Box4 = [before[0] + x!, before[1] + y!, before[2] + width!, before[3] + height!];
        boxes.set(track!, steps);
        const box = {
          ...{ x: steps[0] / pixelSteps, y: steps[1] / pixelSteps },
          ...{ width: steps[2] / pixelSteps, height: steps[3] / pixelSteps },
        };
        return {
          ...{ track: names[track!]!, identity: names[identity!]!, box },
          scores: scores.map((score) => score / scoreSteps),
        };
      }),
    };
  });
}
