import type { PixelBox } from '../../../core/box.ts';
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
    (thing) => scope.counts(thing, time) && coveredShare(thing.box, placed, plan) < COVERED,
  );
  const faces = left.filter((thing) => thing.class === 'face');
  return left
    .filter((thing) => thing.class !== 'head' || !faces.some((face) => holdsMiddle(thing.box, face.box)))
    .map(({ class: name, box, score }) => ({ class: name, time, box, score }));
}

/** A person shows a head, whether or not a face was found on it. */
function thingsOf(observation: Observation, scope: Scope): Observation[] {
  if (observation.class === 'person' && !scope.covers('person')) {
    return [{ ...observation, class: 'head', box: headBox(observation.box) }];
  }
  return isLegible(observation) ? [observation] : [];
}

/** Lines in which nothing was read are stripes, bricks and leaves; where a code is, its place tells. */
function isLegible({ class: name, text }: Observation): boolean {
  if (name !== 'text' && name !== 'plate') return true;
  return text === undefined || /[\p{L}\p{N}].*[\p{L}\p{N}]/u.test(text);
}

function holdsMiddle(outer: PixelBox, inner: PixelBox): boolean {
  const x = inner.x + inner.width / 2;
  const y = inner.y + inner.height / 2;
  return x >= outer.x && x <= outer.x + outer.width && y >= outer.y && y <= outer.y + outer.height;
}
