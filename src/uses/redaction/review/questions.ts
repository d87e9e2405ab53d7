import { clipped, hull, intersection, area, type PixelBox } from '../../../core/box.ts';
import { boxOnPath, type TimedBox } from '../../../core/path.ts';
import type { Seconds } from '../../../core/time.ts';
import type { RedactionPlan, Region } from '../plan.ts';
import type { ReviewBase } from './base.ts';
import type { ReviewDoubt } from './doubts.ts';
import { pathOf } from './geometry.ts';

/** A part of the picture at a moment, pixels of the source. */
export interface Still {
  readonly time: Seconds;
  readonly field: PixelBox;
}

/** Doubts that one look answers: they are about one thing, or about one place at one time. */
export interface Question {
  /** That of its most urgent doubt. */
  readonly id: string;
  readonly doubts: readonly ReviewDoubt[];
  /** What has to be seen to answer it, in the order of time. */
  readonly stills: readonly Still[];
}

/** What is seen around the place of a doubt, on each side, as a share of the picture's width. */
export const REACH = 1 / 6;
/** Nobody compares more pictures at a glance. */
const MOST_STILLS = 8;
/** How far from the end of a track it is looked at: at once, and when what went on would have moved. */
const BEYOND: readonly Seconds[] = [0.1, 0.6];
/** How far from what was seen shortly it is looked at. */
const BESIDE: Seconds = 0.3;
/** Stills of a gap: one for so long, within limits. */
const GAP_STEP: Seconds = 0.7;
const MOST_IN_GAP = 4;
/** Stills closer than this show the same. */
const AT_ONCE: Seconds = 0.05;
/** A doubt counts as seen in a still when its box, and around it this share of the reach, lies within. */
const SEEN_AROUND = 0.3;

/**
 * Puts doubts together that are answered by one look, the most urgent first: those of one thing, such as a face and its
 * head or a car and its plates, and those that the stills of another show anyway. Each doubt is in one question.
 * @param doubts in the order in which they are looked at.
 */
export function questionsOf(
  doubts: readonly ReviewDoubt[],
  { regions, source }: Pick<RedactionPlan, 'regions' | 'source'>,
  { first, last }: ReviewBase['clip'],
): Question[] {
  const byId = new Map(regions.map((region) => [region.id, region]));
  const drafts: { thing: string; doubts: ReviewDoubt[]; stills: Still[] }[] = [];
  for (const doubt of doubts) {
    const region = byId.get(doubt.region);
    const thing = region?.subject ?? doubt.region;
    // The head of somebody is no region of its own, and a doubt has its place.
    const path = region === undefined || doubt.kind === 'uncovered-head' ? undefined : pathOf(region);
    const needed = momentsOf(doubt, region).map((moment): Still => {
      const time = Math.min(last, Math.max(first, moment));
      return { time, field: around(placeAt(doubt, path, time), REACH * source.width, source) };
    });
    const seenBy = (stills: readonly Still[]): boolean =>
      needed.every(({ time }) =>
        stills.some(
          (still) =>
            Math.abs(still.time - time) <= AT_ONCE &&
            holds(
              still.field,
              around(placeAt(doubt, path, time), SEEN_AROUND * REACH * source.width, source),
            ),
        ),
      );
    const draft = drafts.find(
      ({ thing: other, stills }) =>
        seenBy(stills) || (other === thing && joined(stills, needed).length <= MOST_STILLS),
    );
    if (draft === undefined) drafts.push({ thing, doubts: [doubt], stills: joined([], needed) });
    else {
      draft.doubts.push(doubt);
      if (!seenBy(draft.stills)) draft.stills = joined(draft.stills, needed);
    }
  }
  return drafts.map(({ doubts: asked, stills }) => ({ id: asked[0]!.id, doubts: asked, stills }));
}

/** When a doubt is looked at. */
function momentsOf({ kind, start, end }: ReviewDoubt, region: Region | undefined): Seconds[] {
  switch (kind) {
    case 'track-start':
      return BEYOND.map((by) => start - by);
    case 'track-end':
      return BEYOND.map((by) => end + by);
    case 'gap':
    case 'flicker': {
      const count = Math.min(MOST_IN_GAP, Math.max(1, Math.ceil((end - start) / GAP_STEP)));
      return Array.from({ length: count }, (_, index) => start + ((end - start) * (index + 0.5)) / count);
    }
    case 'uncovered-head':
      return [start];
    default:
      // What was seen once is covered for longer than that; its ends are looked at, and the middle.
      return [(region?.start ?? start) - BESIDE, (start + end) / 2, (region?.end ?? end) + BESIDE];
  }
}

/** Where a thing is; where its track is interrupted it is where it was. */
function placeAt({ box }: ReviewDoubt, path: readonly TimedBox[] | undefined, time: Seconds): PixelBox {
  if (path !== undefined) return boxOnPath(path, time);
  const [x, y, width, height] = box;
  return { x, y, width, height };
}

function around(box: PixelBox, by: number, size: RedactionPlan['source']): PixelBox {
  const wider = { x: box.x - by, y: box.y - by, width: box.width + 2 * by, height: box.height + 2 * by };
  return clipped(wider, size);
}

function holds(outer: PixelBox, inner: PixelBox): boolean {
  return area(intersection(outer, inner)) >= area(inner) - 1;
}

/** Stills and further ones; what is at one moment becomes one. */
function joined(stills: readonly Still[], more: readonly Still[]): Still[] {
  const all = [...stills];
  for (const still of more) {
    const same = all.findIndex(({ time }) => Math.abs(time - still.time) <= AT_ONCE);
    const known = all[same];
    if (known === undefined) all.push(still);
    else all[same] = { time: known.time, field: hull(known.field, still.field) };
  }
  return all.toSorted((a, b) => a.time - b.time);
}
