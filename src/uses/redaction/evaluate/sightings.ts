import type { ClipTruth } from '../../../scenes/clip/clip.ts';
import type { Truth, TruthClass, View } from '../../../scenes/truth.ts';
import { RegionTimeline } from '../timeline.ts';
import type { RedactionPlan } from '../plan.ts';
import { asDrawn, coveredShare, type Mask, maskedArea, thingsArea } from './coverage.ts';

/** What is reported on. */
export type EvaluatedClass =
  'face' | 'head' | 'plate' | 'screen' | 'text' | 'mrz' | 'container-number' | 'contact' | 'code';

/** The classes of a scene that identify or describe somebody; vehicles, containers and whole persons do not count. */
const evaluatedAs: Readonly<Partial<Record<TruthClass, EvaluatedClass>>> = {
  face: 'face',
  head: 'head',
  plate: 'plate',
  screen: 'screen',
  text: 'text',
  badge: 'text',
  mrz: 'mrz',
  'container-number': 'container-number',
  card: 'contact',
  email: 'contact',
  phone: 'contact',
  qr: 'code',
  barcode: 'code',
};

/** One thing in one frame. */
export interface Sighting {
  readonly class: EvaluatedClass;
  /** The same thing has the same name in all frames of all clips. */
  readonly track: string;
  /** What is resampled: the photographed face, or the clip for what is drawn. */
  readonly cluster: string;
  readonly frame: number;
  /** Share of the thing under masks, 0..1. */
  readonly share: number;
  /** Pixels of the whole thing: width of plates, height of everything else. */
  readonly pixels: number;
  /** Degrees by which it is turned in the plane of the picture, 0 or more. */
  readonly turn: number;
  readonly view?: View;
  readonly light: number;
  /** Way during the exposure in heights of the thing. */
  readonly blur: number;
  /** Share of it that is hidden or beyond the edge, 0..1. */
  readonly hidden: number;
}

/** Pixels summed over the frames of one clip. */
export interface MaskedPixels {
  readonly outside: number;
  readonly truth: number;
}

/** How a plan covered one clip. */
export interface ClipJudgement {
  readonly sightings: readonly Sighting[];
  /** Masks of faces and heads against faces and heads; masks of text, plates and codes against these. */
  readonly people: MaskedPixels;
  readonly writing: MaskedPixels;
  readonly frames: number;
}

const peopleMasks: ReadonlySet<string> = new Set(['face', 'head']);
const writingMasks: ReadonlySet<string> = new Set(['text', 'plate', 'code']);
const peopleThings: ReadonlySet<TruthClass> = new Set<TruthClass>(['face', 'head']);
const writingThings: ReadonlySet<TruthClass> = new Set<TruthClass>([
  ...([
    'plate',
    'text',
    'badge',
    'mrz',
    'container-number',
    'card',
    'email',
    'phone',
    'qr',
    'barcode',
  ] as const),
]);

/** A mask and the class of the region that it comes from. */
export interface ClassMask extends Mask {
  readonly class: string;
}

/** The masks of a plan as they are drawn at a moment. */
export function planMasks(plan: RedactionPlan): (time: number) => ClassMask[] {
  const timeline = new RegionTimeline(plan);
  return (time) =>
    timeline.at(time).map(({ region, box }) => ({
      class: region.class,
      ...asDrawn({ box, shape: region.shape }, plan.source),
    }));
}

/**
 * Compares masks with what a clip is known to hold, frame by frame. A thing counts as covered by whatever covers it.
 * @param name of the clip, unique in the evaluation.
 */
export function judgeClip(
  name: string,
  truth: ClipTruth,
  masksAt: (time: number) => readonly ClassMask[],
): ClipJudgement {
  const sightings: Sighting[] = [];
  const people = { outside: 0, truth: 0 };
  const writing = { outside: 0, truth: 0 };
  for (const [frame, { time, light, things }] of truth.frames.entries()) {
    const masks = masksAt(time);
    for (const thing of things) {
      const seen = sightingOf(name, thing, { frame, light }, masks, truth);
      if (seen !== undefined) sightings.push(seen);
    }
    addPixels(
      people,
      masks.filter((mask) => peopleMasks.has(mask.class)),
      things.filter((thing) => peopleThings.has(thing.class)),
      truth,
    );
    addPixels(
      writing,
      masks.filter((mask) => writingMasks.has(mask.class)),
      things.filter((thing) => writingThings.has(thing.class)),
      truth,
    );
  }
  return { sightings, people, writing, frames: truth.frames.length };
}

function addPixels(
  sum: { outside: number; truth: number },
  masks: readonly ClassMask[],
  things: readonly Truth[],
  size: ClipTruth,
): void {
  sum.outside += maskedArea(masks, things, size).outside;
  sum.truth += thingsArea(things, size);
}

function sightingOf(
  clip: string,
  thing: Truth,
  { frame, light }: { readonly frame: number; readonly light: number },
  masks: readonly Mask[],
  size: ClipTruth,
): Sighting | undefined {
  const name = evaluatedAs[thing.class];
  if (name === undefined) return undefined;
  return {
    class: name,
    track: `${clip}/${thing.id}`,
    cluster: thing.subject ?? clip,
    frame,
    share: coveredShare(thing, masks, size),
    pixels: name === 'plate' ? thing.size.width : thing.size.height,
    turn: (Math.abs(thing.turn) * 180) / Math.PI,
    ...(thing.view === undefined ? {} : { view: thing.view }),
    light,
    blur: thing.blur / thing.size.height,
    hidden: thing.occludedShare,
  };
}
