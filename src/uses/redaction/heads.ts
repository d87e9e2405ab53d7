import { coverage, scaled, type PixelBox } from '../../core/box.ts';
import type { Seconds } from '../../core/time.ts';
import { headBox } from '../../vision/people.ts';
import { boxOnPath, pathBetween } from '../../core/path.ts';
import type { Trajectory } from '../../vision/track/trajectory.ts';
import type { Proposal } from './proposal.ts';

/**
 * Margin about a head derived from a person's box. Wide, because the box says little about where the head leans: on
 * PETS09-S2L1 a factor of 1.4 covers .945 of the heads and 1.7 covers .984.
 */
const HEAD_MARGIN = 1.7;
/** A face counts as a person's when its centre lies in the enlarged head in this share of the moments they share. */
const SHARE_OF_MOMENTS = 0.6;
/** A head stays covered this long after a face took over and this long before it is lost again. */
const HAND_OVER: Seconds = 0.2;
const MOMENTS = 8;

/** The person whose head a face is, if there is one. */
export function personOf(face: Trajectory, persons: readonly Trajectory[]): Trajectory | undefined {
  let best: Trajectory | undefined;
  let bestShare = SHARE_OF_MOMENTS;
  for (const person of persons) {
    const start = Math.max(face.start, person.start);
    const end = Math.min(face.end, person.end);
    if (end < start) continue;
    let hits = 0;
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      const time = start + ((end - start) * (moment + 0.5)) / MOMENTS;
      const head = scaled(headBox(boxOnPath(person.keyframes, time)), 1.5);
      if (holdsCentre(head, boxOnPath(face.keyframes, time))) hits += 1;
    }
    if (hits / MOMENTS >= bestShare) {
      best = person;
      bestShare = hits / MOMENTS;
    }
  }
  return best;
}

function holdsCentre(outer: PixelBox, inner: PixelBox): boolean {
  const centre = { x: inner.x + inner.width / 2, y: inner.y + inner.height / 2, width: 1e-6, height: 1e-6 };
  return coverage(centre, outer) > 0.5;
}

/**
 * Heads of a person for all the time in which none of the person's faces is followed: a face turned away, too small
 * or hidden still gives a region.
 */
export function headProposals(person: Trajectory, faces: readonly Trajectory[]): Proposal[] {
  const number = person.id.split('-').at(-1) ?? person.id;
  return uncovered(person, faces).map(([start, end], index) => ({
    id: index === 0 ? `head-${number}` : `head-${number}.${index + 1}`,
    class: 'head',
    subject: person.id,
    score: person.bestScore,
    detections: person.detections,
    start,
    end,
    keyframes: pathBetween(person.keyframes, start, end).map(({ time, box }) => ({
      time,
      box: scaled(headBox(box), HEAD_MARGIN),
    })),
  }));
}

/** The times of a person in which no face stands in for the head. */
function uncovered(person: Trajectory, faces: readonly Trajectory[]): [Seconds, Seconds][] {
  const spans: [Seconds, Seconds][] = [];
  let from = person.start;
  for (const face of faces.toSorted((a, b) => a.start - b.start)) {
    const start = face.start + HAND_OVER;
    const end = face.end - HAND_OVER;
    if (end <= start || end <= from) continue;
    if (start > from) spans.push([from, start]);
    from = end;
  }
  if (from <= person.end) spans.push([from, person.end]);
  return spans;
}
