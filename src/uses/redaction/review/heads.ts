import { area, intersection, type PixelBox } from '../../../core/box.ts';
import { boxOnPath } from '../../../core/path.ts';
import type { Seconds } from '../../../core/time.ts';
import { headBox } from '../../../vision/people.ts';
import { rounded } from '../check/findings.ts';
import { coveredShare } from '../check/masks.ts';
import type { RedactionPlan, Region } from '../plan.ts';
import { RegionTimeline, type PlacedRegion } from '../timeline.ts';
import type { DoubtSpot } from './doubts.ts';
import { micro, pathOf } from './geometry.ts';

/** Moments at which a person's head is looked for, evenly spread over the track. */
const MOMENTS = 80;
/** A head of which less is covered may be recognised. What a body says of its head is rough, so a rim does not count. */
const COVERED = 0.9;
/** Times that somebody's head comes out: those at which most of it does are shown, and mending them shows the next. */
const MOST_SPELLS = 3;
/** Half of the most urgent: what a body says of its head is an estimate. */
const URGENCY = 0.3;
const BARE_COUNTS = 0.2;

const headClasses: ReadonlySet<string> = new Set(['face', 'head']);

interface Look {
  readonly time: Seconds;
  readonly head: PixelBox;
  /** 0..1. */
  readonly covered: number;
}

/**
 * Where the head of somebody who was followed does not lie under what is covered: one spot for each time that it comes
 * out, at the moment at which most of it does. Whoever was chosen to be seen is none, nor is anybody where no heads are covered.
 */
export function bareHeads(plan: RedactionPlan): Omit<DoubtSpot, 'id'>[] {
  const heads = plan.regions.filter(({ class: name, origin }) => headClasses.has(name) && origin === 'model');
  if (!heads.some(({ redact }) => redact)) return [];
  const chosen = new Set(heads.flatMap(({ redact, subject }) => (redact ? [] : [subject])));
  return plan.regions
    .filter(
      ({ id, class: name, origin, redact }) =>
        name === 'person' && origin === 'model' && !redact && !chosen.has(id),
    )
    .flatMap((person) =>
      spellsOf(person, plan)
        .map(barest)
        .sort((a, b) => a.covered - b.covered)
        .slice(0, MOST_SPELLS)
        .map((look) => spotOf(person, look)),
    );
}

/** Moments in a row at which the head is bare. */
function spellsOf(person: Region, plan: RedactionPlan): Look[][] {
  const near = plan.regions.filter(
    ({ redact, start, end }) => redact && start <= person.end && end >= person.start,
  );
  const timeline = new RegionTimeline({ ...plan, regions: near });
  const path = pathOf(person);
  const spells: Look[][] = [];
  let open: Look[] | undefined;
  for (let moment = 0; moment <= MOMENTS; moment++) {
    const time = person.start + ((person.end - person.start) * moment) / MOMENTS;
    const head = headBox(boxOnPath(path, time));
    const placed = timeline.at(time);
    const covered = placed.some((mask) => isWithin(head, mask)) ? 1 : coveredShare(head, placed, plan);
    if (covered >= COVERED || !isAsked(plan, time, head)) {
      open = undefined;
      continue;
    }
    if (open === undefined) spells.push((open = []));
    open.push({ time, head, covered });
  }
  return spells;
}

/** Whether the plan is to cover anything then and there. */
function isAsked({ limits: { spans, zones } }: RedactionPlan, time: Seconds, head: PixelBox): boolean {
  const inSpan = spans?.some(([start, end]) => time >= start && time <= end) ?? true;
  const inZone =
    zones?.some(([x, y, width, height]) => area(intersection(head, { x, y, width, height })) > 0) ?? true;
  return inSpan && inZone;
}

/** The usual case, which needs no counting of points. */
function isWithin(head: PixelBox, { box, region }: PlacedRegion): boolean {
  return (
    region.shape === 'box' &&
    region.style !== 'outline' &&
    head.x >= box.x &&
    head.y >= box.y &&
    head.x + head.width <= box.x + box.width &&
    head.y + head.height <= box.y + box.height
  );
}

function barest(spell: readonly Look[]): Look {
  return spell.reduce((one, look) => (look.covered < one.covered ? look : one));
}

function spotOf({ id, class: name }: Region, { time, head, covered }: Look): Omit<DoubtSpot, 'id'> {
  const at = micro(time);
  return {
    ...{ kind: 'uncovered-head', region: id, class: name, start: at, end: at },
    box: rounded(head),
    urgency: URGENCY + BARE_COUNTS * (1 - covered),
    says: `The head of ${id} lies ${covered === 0 ? '' : 'partly '}outside of what is covered.`,
  };
}
