import { coverage, holdsCentre, hull, scaled, type PixelBox } from '../../core/box.ts';
import type { Seconds } from '../../core/time.ts';
import { headBox } from '../../vision/people.ts';
import { boxOnPath, pathBetween, type TimedBox } from '../../core/path.ts';
import type { Trajectory } from '../../vision/track/trajectory.ts';
import type { Proposal } from './proposal.ts';
import { steadyPath } from './steady-path.ts';

/** Half the time over which a person's box is steadied before its head is taken. */
const STEADY: Seconds = 1;
/** How generously people are covered: what is masked in vain against what is missed. docs/benchmarks.md has both. */
export interface PeopleMargins {
  /** How much larger than the face itself its region is, across and down. */
  readonly face: readonly [number, number];
  /** How much larger than a head its region is, for persons of {@link NEAR} and more. */
  readonly head: number;
  /** A face region stands in for the head when it covers this share of it; else both are drawn. */
  readonly standsIn: number;
}

export const usualMargins: PeopleMargins = { face: [1.53, 1.55], head: 1.4, standsIn: 0.5 };

/**
 * Margin about the heads of persons lower than {@link FAR}, whose box says little about where the head leans; for the
 * sizes between the margin is between.
 */
const FAR_HEAD_MARGIN = 1.9;
/** Heights of persons in pixels. */
const FAR = 150;
const NEAR = 300;
/** A face counts as a person's when its centre lies in the enlarged head in this share of the moments they share. */
const SHARE_OF_MOMENTS = 0.6;
/** A head stays covered this long after a face took over and this long before it is lost again. */
const HAND_OVER: Seconds = 0.2;
const MOMENTS = 8;

/** A face and whose it is. `standsIn` says that its region covers the head as well. */
export interface OwnedFace {
  readonly person: Trajectory;
  readonly standsIn: boolean;
}

/**
 * The person whose head a face is, if there is one.
 * @param region where the face will be drawn.
 */
export function ownerOf(
  face: Trajectory,
  region: readonly TimedBox[],
  persons: readonly Trajectory[],
  { standsIn }: PeopleMargins = usualMargins,
): OwnedFace | undefined {
  let best: { person: Trajectory; hits: number; covered: number } | undefined;
  for (const person of persons) {
    const start = Math.max(face.start, person.start);
    const end = Math.min(face.end, person.end);
    if (end < start) continue;
    let hits = 0;
    let covered = 0;
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      const time = start + ((end - start) * (moment + 0.5)) / MOMENTS;
      const head = headBox(boxOnPath(person.keyframes, time));
      if (holdsCentre(scaled(head, 1.5), boxOnPath(face.keyframes, time))) hits += 1;
      if (coverage(head, boxOnPath(region, time)) >= standsIn) covered += 1;
    }
    if (hits >= SHARE_OF_MOMENTS * MOMENTS && hits > (best?.hits ?? 0)) best = { person, hits, covered };
  }
  return best && { person: best.person, standsIn: best.covered >= SHARE_OF_MOMENTS * MOMENTS };
}

/**
 * Heads of a person for all the time in which no face stands in for them: a face turned away, too small or hidden still
 * gives a region.
 * @param faces those that stand in.
 */
export function headProposals(
  person: Trajectory,
  faces: readonly Trajectory[],
  margins: PeopleMargins = usualMargins,
): Proposal[] {
  const number = person.id.split('-').at(-1) ?? person.id;
  const heads = headPath(person.keyframes, margins.head);
  return uncovered(person, faces).map(([start, end], index) => ({
    id: index === 0 ? `head-${number}` : `head-${number}.${index + 1}`,
    class: 'head',
    subject: person.id,
    score: person.bestScore,
    detections: person.detections,
    start,
    end,
    keyframes: pathBetween(heads, start, end),
  }));
}

/** Both where the steadied box puts the head and where the detection itself does: either may be right. */
function headPath(persons: readonly TimedBox[], margin: number): TimedBox[] {
  const steady = steadyPath(persons, STEADY);
  return persons.map(({ time, box }, index) => ({
    time,
    box: hull(headRegion(box, margin), headRegion(steady[index]?.box ?? box, margin)),
  }));
}

function headRegion(person: PixelBox, near: number): PixelBox {
  const nearness = Math.min(1, Math.max(0, (person.height - FAR) / (NEAR - FAR)));
  return scaled(headBox(person), FAR_HEAD_MARGIN + (near - FAR_HEAD_MARGIN) * nearness);
}

/** The times of a person in which no face stands in for the head. */
function uncovered(person: Trajectory, faces: readonly Trajectory[]): [Seconds, Seconds][] {
  const spans: [Seconds, Seconds][] = [];
  let from = person.start;
  for (const face of faces.toSorted((a, b) => a.start - b.start)) {
    // At the ends of the person's own time there is nobody to hand over to.
    const start = face.start <= person.start ? person.start : face.start + HAND_OVER;
    const end = face.end >= person.end ? person.end : face.end - HAND_OVER;
    if (end < start || end < from) continue;
    if (start > from) spans.push([from, start]);
    if (end >= person.end) return spans;
    from = end;
  }
  spans.push([from, person.end]);
  return spans;
}
