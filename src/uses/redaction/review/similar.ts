import { holdsCentre } from '../../../core/box.ts';
import { boxOnPath } from '../../../core/path.ts';
import { isComparable, likeness, type Likeness } from '../../../vision/follow/appearance.ts';
import type { Region } from '../plan.ts';
import type { ReviewBase } from './base.ts';
import { pathOf } from './geometry.ts';
import { fromHalves } from './similar-halves.ts';

/** A region that may show the same person or thing. */
export interface Similar {
  readonly region: string;
  readonly class: string;
  readonly start: number;
  readonly end: number;
  /** 0..1; not calibrated: good for an order only. */
  readonly score: number;
  readonly says: string;
}

/** Colours prove nothing: they come after what was followed as one. */
const MOST = 0.98;
/** Colours that are said to be alike. */
const ALIKE = 0.85;

/**
 * Regions of the same recording that may show what one region shows, the likeliest first. It compares colours within
 * the base of one review, and so within one asset: who somebody is it cannot say. It decides nothing.
 * @param region what analysis proposed.
 * @param all regions as they are now.
 */
export function similarTo({ looks = {} }: ReviewBase, region: Region, all: readonly Region[]): Similar[] {
  const lookOf = (one: Region): Float32Array | undefined => {
    // Of somebody who was seen whole more is known than of the face alone.
    const known = looks[one.subject ?? one.id] ?? looks[one.id];
    return known === undefined ? undefined : fromHalves(known);
  };
  const own = lookOf(region);
  return all
    .filter(({ id, class: name }) => id !== region.id && isComparable(name, region.class))
    .flatMap((other): Similar[] => {
      const found = (score: number, says: string): Similar[] => [
        { region: other.id, class: other.class, start: other.start, end: other.end, score, says },
      ];
      if (isPartOf(region, other) || isPartOf(other, region)) return [];
      if (tracked(other) === tracked(region)) return found(1, 'It was followed as the same person.');
      const together = meeting(region, other);
      if (together === 'apart') return [];
      // A face in the place of a body is its own; two of one class are two tracks of one thing.
      if (together === 'in-one-place')
        return other.class === region.class ? found(0.99, 'Both are in one place at the same time.') : [];
      const look = lookOf(other);
      const like = own && look && likeness(own, look);
      return like === undefined
        ? []
        : found(Math.min(MOST, Math.round(like.score * 1000) / 1000), reasonOf(like));
    })
    .toSorted((a, b) => b.score - a.score || a.start - b.start);
}

function tracked({ id, subject }: Region): string {
  return subject ?? id;
}

/** A face and the body it was seen on: nobody has to be told that they are of one person. */
function isPartOf(part: Region, whole: Region): boolean {
  return part.subject === whole.id;
}

/** What is in two places at one time is not one. */
function meeting(one: Region, other: Region): 'apart' | 'in-one-place' | undefined {
  const start = Math.max(one.start, other.start);
  const end = Math.min(one.end, other.end);
  if (end < start) return undefined;
  const [a, b] = [pathOf(one), pathOf(other)];
  const isTogether = [start, (start + end) / 2, end].every((time) => {
    const [first, second] = [boxOnPath(a, time), boxOnPath(b, time)];
    return holdsCentre(first, second) || holdsCentre(second, first);
  });
  return isTogether ? 'in-one-place' : 'apart';
}

function reasonOf({ upper, lower }: Likeness): string {
  const say = (part: string, like: number | undefined): string =>
    like === undefined ? `${part} cannot be compared` : `${part} ${like >= ALIKE ? 'alike' : 'not alike'}`;
  return `Colours: ${say('upper part', upper)}, ${say('lower part', lower)}; never both in the picture.`;
}
