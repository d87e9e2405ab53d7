import { holdsCentre, scaled, type PixelBox } from '../../../core/box.ts';
import type { Observation } from '../../../core/observation.ts';
import type { Seconds } from '../../../core/time.ts';
import { headBox } from '../../../vision/people.ts';
import type { RedactionPlan } from '../plan.ts';
import type { PlacedRegion } from '../timeline.ts';
import { coveredShare } from './masks.ts';
import type { Scope } from './scope.ts';

/** Something of a covered class that was seen in the output, and that no mask covers. */
export interface Sighting {
  readonly class: string;
  readonly time: Seconds;
  readonly box: PixelBox;
  /** 0..1. */
  readonly score: number;
}

/** Share of a thing's box under masks from which on the masks are taken for what was seen. */
const COVERED = 0.4;

/** Share of the height of a line's box that letters take. */
const LETTERS = 0.6;
/** A line with fewer letters is as likely to be stripes, bricks or leaves, and one with many is not. */
const legibility = [0, 0.3, 0.75, 0.9, 1];
/** Nobody writes lines that are higher than this share of the picture; what is, lies among masks and bricks. */
const HIGHEST_LINE = 0.2;
const TOO_HIGH = 0.3;
/** What is under the head that a box of a person says is worth this much when a mask lies just above or below it. */
const MASKED_PERSON = 0.5;
/** How far a mask moves the box of a person: it hides the head, so the box begins below it, or it is taken for a part. */
const MASK_SHIFTS = [-1.6, -1.2, -0.8, -0.4, 0.4, 0.8, 1.2, 1.6];

/** What of the observations of one look is left over. */
export function leftOver(
  observations: readonly Observation[],
  placed: readonly PlacedRegion[],
  time: Seconds,
  plan: RedactionPlan,
  scope: Scope,
): Sighting[] {
  const seen = observations.flatMap((observation) => thingsOf(observation, scope));
  const left = seen.filter(
    (thing) => scope.counts(thing, time) && coveredShare(coreOf(thing), placed, plan) < COVERED,
  );
  const faces = left.filter((thing) => thing.class === 'face');
  return left
    .filter((thing) => thing.class !== 'head' || !faces.some((face) => holdsCentre(thing.box, face.box)))
    .map((thing) => ({
      class: thing.class,
      time,
      box: thing.box,
      score: thing.score * worth(thing, placed, plan),
    }))
    .filter(({ score }) => score > 0);
}

/** What must not be seen of a thing: boxes of lines reach as far above and below the letters as masks of their neighbours. */
function coreOf({ class: name, box }: Observation): PixelBox {
  return name === 'text' || name === 'plate' ? scaled(box, 1, LETTERS) : box;
}

/** A person shows a head, whether or not a face was found on it. */
function thingsOf(observation: Observation, scope: Scope): Observation[] {
  if (observation.class !== 'person' || scope.covers('person')) return [observation];
  return [{ ...observation, class: 'head', box: headBox(observation.box) }];
}

/** How far a sighting is to be believed, 0..1, beyond what the model says. */
function worth(thing: Observation, placed: readonly PlacedRegion[], plan: RedactionPlan): number {
  if (thing.class === 'head') return hasMaskNear(thing.box, placed, plan) ? MASKED_PERSON : 1;
  if (thing.text === undefined || thing.class === 'code') return 1;
  const letters = thing.text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  const legible = legibility[Math.min(letters, legibility.length - 1)] ?? 1;
  // A vertical line is as wide as another is high.
  const lineHeight = Math.min(thing.box.width, thing.box.height);
  return legible * (lineHeight > HIGHEST_LINE * plan.source.height ? TOO_HIGH : 1);
}

function hasMaskNear(head: PixelBox, placed: readonly PlacedRegion[], plan: RedactionPlan): boolean {
  return MASK_SHIFTS.some(
    (shift) => coveredShare({ ...head, y: head.y + shift * head.height }, placed, plan) >= COVERED,
  );
}
