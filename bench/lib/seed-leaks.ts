import { area, scaled, type PixelBox } from '../../src/core/box.ts';
import type { Random } from '../../src/core/random.ts';
import type { Seconds } from '../../src/core/time.ts';
import type { ClipTruth } from '../../src/scenes/clip/clip.ts';
import type { Truth } from '../../src/scenes/truth.ts';
import { coveredShare } from '../../src/uses/redaction/check/masks.ts';
import type { CheckFinding, CheckReport } from '../../src/uses/redaction/check/report.ts';
import type { RedactionPlan, Region } from '../../src/uses/redaction/plan.ts';
import { RegionTimeline } from '../../src/uses/redaction/timeline.ts';
import { headBox } from '../../src/vision/people.ts';

/** A thing that shows when a region is left out, at one moment. */
export interface Exposure {
  readonly time: Seconds;
  readonly box: PixelBox;
}

/** A region that may be left out, and what shows then; or why nothing does. */
export interface SeededLeak {
  readonly region: Region;
  readonly exposed: readonly Exposure[];
  readonly reason?: 'nothing of the truth lies under it' | 'other regions cover a third of it or more';
}

/** A region hides a thing when at least this share of the thing's box lies under it. */
const HIDDEN = 0.5;
/** A thing shows when at most this share of its box lies under other regions. */
const SHOWN = 0.33;
/** Nothing can be told of a thing of which more than this lies behind others or beyond the edge. */
const MOSTLY_HIDDEN = 0.8;
/** Regions that are left out together must be so far apart that none has a part in what is seen of another. */
const APART = 1.5;
/** A leak counts as found where it is, and so long before and after. */
const NEAR_SECONDS = 0.25;

const people = new Set(['person']);
const nothingPersonal = new Set(['vehicle', 'container', 'document', 'label']);

/** What leaving out a region shows of things that can be made out. */
export function seededLeak(plan: RedactionPlan, region: Region, truth: ClipTruth): SeededLeak {
  const whole = new RegionTimeline(plan);
  const less = new RegionTimeline(without(plan, [region]));
  const exposed: Exposure[] = [];
  let touched = false;
  for (const { time, things } of truth.frames) {
    if (time < region.start - 1e-3 || time > region.end + 1e-3) continue;
    const masks = whole.at(time);
    const left = less.at(time);
    for (const box of things.flatMap(boxToHide)) {
      const own = masks.filter((mask) => mask.region.id === region.id);
      if (coveredShare(box, own, plan) < HIDDEN) continue;
      touched = true;
      if (coveredShare(box, left, plan) <= SHOWN) exposed.push({ time, box });
    }
  }
  if (exposed.length > 0) return { region, exposed };
  return {
    region,
    exposed,
    reason: touched ? 'other regions cover a third of it or more' : 'nothing of the truth lies under it',
  };
}

/** What must not be seen of a thing, when it can be made out well. */
function boxToHide(thing: Truth): PixelBox[] {
  const discernible = thing.occludedShare <= 0.25 && thing.blur <= thing.box.height / 4;
  return discernible ? personalPart(thing) : [];
}

function personalPart(thing: Truth): PixelBox[] {
  if (nothingPersonal.has(thing.class)) return [];
  return [people.has(thing.class) ? headBox(thing.box) : thing.box];
}

/** The plan without some of its regions. */
export function without(plan: RedactionPlan, regions: readonly Region[]): RedactionPlan {
  const gone = new Set(regions.map(({ id }) => id));
  return { ...plan, regions: plan.regions.filter(({ id }) => !gone.has(id)) };
}

/** Splits leaks into groups of which all can be left out of one rendering without touching each other. */
export function groupsApart(leaks: readonly SeededLeak[], most: number, random: Random): SeededLeak[][] {
  const groups: SeededLeak[][] = [];
  for (const leak of random.shuffle(leaks)) {
    const group = groups.find(
      (members) => members.length < most && members.every((other) => isApart(leak.region, other.region)),
    );
    if (group === undefined) groups.push([leak]);
    else group.push(leak);
  }
  return groups;
}

function isApart(a: Region, b: Region): boolean {
  if (a.end < b.start || b.end < a.start) return true;
  const boxes = (region: Region): PixelBox[] =>
    region.keyframes.map(([, x, y, width, height]) => scaled({ x, y, width, height }, APART));
  return boxes(a).every((one) => boxes(b).every((other) => !meet(one, other)));
}

function meet(a: PixelBox, b: PixelBox): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Whether a report has something to say about a leak, at a level or at any. */
export function isFound(report: CheckReport, leak: SeededLeak, level?: 'leak'): boolean {
  return report.findings.some(
    (finding) =>
      (level === undefined || finding.level === level) &&
      leak.exposed.some((exposure) => isAbout(finding, exposure)),
  );
}

/**
 * Whether a finding in the rendering of a whole plan is about something that the plan does leave in sight, be it a part of
 * something.
 */
export function isInTruth(finding: CheckFinding, plan: RedactionPlan, truth: ClipTruth): boolean {
  const timeline = new RegionTimeline(plan);
  return truth.frames.some(({ time, things }) => {
    const masks = timeline.at(time);
    return things
      .flatMap((thing) => (thing.occludedShare <= MOSTLY_HIDDEN ? personalPart(thing) : []))
      .some((box) => isAbout(finding, { time, box }) && coveredShare(box, masks, plan) < HIDDEN);
  });
}

/** Whether a finding is at the place of an exposed thing, about when it shows. */
function isAbout(finding: CheckFinding, { time, box }: Exposure): boolean {
  const [x, y, width, height] = finding.box;
  const there = { x, y, width, height };
  const inTime = time >= finding.start - NEAR_SECONDS && time <= finding.end + NEAR_SECONDS;
  return inTime && meet(scaled(box, APART), there) && area(there) < 30 * area(box);
}
