import { Random } from '../../../core/random.ts';
import { clopperPearsonUpper, clusterBootstrapInterval, type Interval } from '../../../stats/index.ts';
import { conditionBands, discernible, sizeBands, smallest, type Band } from './bands.ts';
import type { ClipJudgement, EvaluatedClass, MaskedPixels, Sighting } from './sightings.ts';

/** At least this share of a thing's box must lie under masks. */
export const COVERED = 0.95;

/** A share of the sightings, with how many there were and how sure it is. */
export interface Share {
  readonly covered: number;
  readonly sightings: number;
  /** Clusters that were resampled: photographed faces, or clips. */
  readonly clusters: number;
  /** 95 % interval of the share; 0..1 when there is only one cluster. */
  readonly interval: Interval;
}

/** Whole things: what is exposed in one frame is exposed. */
export interface Leak {
  readonly tracks: number;
  /** Tracks with at least one exposed frame. */
  readonly exposed: number;
  /** Exact one-sided upper 95 % bound of the share of such tracks. */
  readonly upper: number;
  /** Most frames in a row in which one thing was exposed. */
  readonly longestRun: number;
}

/** How one class was covered. */
export interface ClassScore {
  readonly class: EvaluatedClass;
  /** Everything that the goals are about: not too small, and to be made out. */
  readonly recall: Share;
  readonly bySize: readonly BandScore[];
  readonly byCondition: readonly BandScore[];
  /** What is more hidden or more smeared than counts. */
  readonly beyond: Share;
  /** Of tracks whose mean size is one that the goals are about. */
  readonly leak: Leak;
}

export interface BandScore extends Share {
  readonly band: string;
}

/** Masked area outside of the truth in areas of the truth. */
export interface OverRedaction {
  readonly ratio: number;
  /** 95 % interval over clips; absent when there is only one. */
  readonly interval?: Interval;
  readonly clips: number;
}

const RESAMPLES = 1000;

const order: readonly EvaluatedClass[] = [
  'face',
  'head',
  'plate',
  'text',
  'mrz',
  'container-number',
  'contact',
  'screen',
  'code',
];

/** The scores of all classes that were there. */
export function scoreClasses(clips: readonly ClipJudgement[]): ClassScore[] {
  const all = clips.flatMap(({ sightings }) => sightings);
  return order.flatMap((name) => {
    const own = all.filter((sighting) => sighting.class === name);
    return own.length === 0 ? [] : [scoreClass(name, own)];
  });
}

function scoreClass(name: EvaluatedClass, sightings: readonly Sighting[]): ClassScore {
  const clear = sightings.filter(discernible);
  const large = clear.filter(({ pixels }) => pixels >= smallest[name]);
  const scoreBands = (bands: readonly Band[], of: readonly Sighting[]): BandScore[] =>
    bands
      .map((band) => ({ band: band.name, ...shareOf(of.filter((sighting) => band.has(sighting))) }))
      .filter((row) => row.sightings > 0);
  return {
    class: name,
    recall: shareOf(large),
    bySize: scoreBands(sizeBands(name), clear),
    byCondition: scoreBands(conditionBands(name), large),
    beyond: shareOf(
      sightings.filter((sighting) => !discernible(sighting) && sighting.pixels >= smallest[name]),
    ),
    leak: leakOf(clear, smallest[name]),
  };
}

/** Frames of one person, or of one clip, tell less than frames of several: these are drawn whole. */
export function shareOf(sightings: readonly Sighting[]): Share {
  const counts = new Map<string, { covered: number; sightings: number }>();
  for (const { cluster, share } of sightings) {
    const count = counts.get(cluster) ?? { covered: 0, sightings: 0 };
    counts.set(cluster, count);
    count.sightings++;
    if (share >= COVERED) count.covered++;
  }
  const clusters = [...counts.values()];
  const sum = (
    list: readonly { covered: number; sightings: number }[],
    key: 'covered' | 'sightings',
  ): number => list.reduce((total, count) => total + count[key], 0);
  const interval =
    clusters.length < 2
      ? { low: 0, high: 1 }
      : clusterBootstrapInterval(
          clusters.map((count) => [count]),
          (drawn) => sum(drawn, 'covered') / sum(drawn, 'sightings'),
          { random: new Random('share'), resamples: RESAMPLES },
        );
  return {
    covered: sum(clusters, 'covered'),
    sightings: sightings.length,
    clusters: clusters.length,
    interval,
  };
}

function leakOf(sightings: readonly Sighting[], least: number): Leak {
  const tracks = [...Map.groupBy(sightings, ({ track }) => track).values()].filter(
    (track) => track.reduce((sum, { pixels }) => sum + pixels, 0) / track.length >= least,
  );
  const exposed = tracks.filter((track) => track.some(({ share }) => share < COVERED)).length;
  return {
    tracks: tracks.length,
    exposed,
    upper: clopperPearsonUpper(exposed, tracks.length),
    longestRun: Math.max(0, ...tracks.map(longestRun)),
  };
}

function longestRun(track: readonly Sighting[]): number {
  let [best, run, last] = [0, 0, Number.NaN];
  for (const { frame, share } of track) {
    if (share >= COVERED) continue;
    run = frame === last + 1 ? run + 1 : 1;
    last = frame;
    best = Math.max(best, run);
  }
  return best;
}

/**
 * Clips without such things count too: what is masked there is masked in vain.
 * @returns undefined when no clip has such things, as there is nothing to measure by.
 */
export function overRedaction(clips: readonly MaskedPixels[]): OverRedaction | undefined {
  if (clips.every(({ truth }) => truth === 0)) return undefined;
  const ratio = (drawn: readonly MaskedPixels[]): number => {
    const truth = drawn.reduce((sum, clip) => sum + clip.truth, 0);
    return truth === 0 ? 0 : drawn.reduce((sum, clip) => sum + clip.outside, 0) / truth;
  };
  const whole = { ratio: ratio(clips), clips: clips.length };
  if (clips.length < 2) return whole;
  const interval = clusterBootstrapInterval(
    clips.map((clip) => [clip]),
    ratio,
    { random: new Random('over'), resamples: RESAMPLES },
  );
  return { ...whole, interval };
}
