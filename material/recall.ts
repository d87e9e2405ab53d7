import type { Seconds } from '../src/core/time.ts';
import { coveredShare, type Mask } from '../src/uses/redaction/evaluate/coverage.ts';
import { wilsonInterval, type Interval } from '../src/stats/index.ts';
import type { ClipTruth } from '../src/scenes/clip/clip.ts';
import type { Truth, TruthClass } from '../src/scenes/truth.ts';

/** How well one class was covered, over everything in a scene that a viewer could make out. */
export interface ClassRecall {
  readonly class: TruthClass;
  /** Different things. */
  readonly things: number;
  /** Things times the frames in which each can be made out. */
  readonly sightings: number;
  /** Mean share of a thing's box that lies under masks, 0..1, over all sightings. */
  readonly coveredArea: number;
  /** Sightings with at least 95 % of the box under masks. */
  readonly coveredSightings: number;
  /** Things that were covered so in every sighting. */
  readonly coveredThings: number;
  /** 95 % interval of the share of such things: things are independent, the frames of one are not. */
  readonly interval: Interval;
}

/** What identifies or describes somebody; vehicles, containers and whole persons do not count. */
const sensitive: ReadonlySet<TruthClass> = new Set<TruthClass>([
  ...(['face', 'plate', 'screen', 'text', 'email', 'phone', 'card', 'mrz'] as const),
  ...(['container-number', 'badge', 'qr', 'barcode'] as const),
]);

const COVERED = 0.95;
const MOST_HIDDEN = 0.25;

/**
 * Compares masks with the truth. Counted is what can be made out: at most a quarter hidden, and not smeared by motion
 * over more than a quarter of its height.
 * @param masksAt the masks drawn at a presentation time.
 */
export function measureRecall(
  truths: readonly { readonly truth: ClipTruth; readonly masksAt: (time: Seconds) => readonly Mask[] }[],
): ClassRecall[] {
  const shares = new Map<TruthClass, Map<string, number[]>>();
  for (const [source, { truth, masksAt }] of truths.entries()) {
    for (const { time, things } of truth.frames) {
      const masks = masksAt(time);
      for (const thing of things.filter(discernible)) {
        const ofClass = shares.get(thing.class) ?? new Map<string, number[]>();
        shares.set(thing.class, ofClass);
        const id = `${source}/${thing.id}`;
        ofClass.set(id, [...(ofClass.get(id) ?? []), coveredShare(thing, masks, truth)]);
      }
    }
  }
  return [...shares].map(([name, things]) => summary(name, [...things.values()]));
}

function discernible(thing: Truth): boolean {
  const sharp = thing.blur <= thing.box.height / 4;
  return sensitive.has(thing.class) && thing.occludedShare <= MOST_HIDDEN && sharp;
}

function summary(name: TruthClass, things: readonly (readonly number[])[]): ClassRecall {
  const all = things.flat();
  const coveredThings = things.filter((shares) => shares.every((share) => share >= COVERED)).length;
  return {
    class: name,
    things: things.length,
    sightings: all.length,
    coveredArea: all.reduce((sum, share) => sum + share, 0) / all.length,
    coveredSightings: all.filter((share) => share >= COVERED).length,
    coveredThings,
    interval: wilsonInterval(coveredThings, things.length),
  };
}
