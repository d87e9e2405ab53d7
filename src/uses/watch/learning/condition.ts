import { z } from 'zod';
import type { Alert } from '../alert.ts';
import { zoneOffset } from '../calendar/zone-time.ts';
import { footOf } from '../live-tracks.ts';
import { isInside, type Point } from '../rules/geometry.ts';
import type { CameraFile } from '../site/schema.ts';

const share = z.number().min(0).max(1);
const minute = z.int().min(0).max(1440);

/**
 * What a suppression hides: all parts must hold. Of how somebody looks only the height in the picture counts: colours
 * are never kept, and nothing here says who somebody is.
 */
export const conditionSchema = z.strictObject({
  place: z.string().describe('Zone or line of the rule.'),
  class: z.string(),
  minutes: z
    .strictObject({ from: minute, to: minute })
    .nullable()
    .describe("Minutes of the day on the site's clocks; `to` before `from` goes over midnight."),
  heights: z
    .strictObject({ least: share, most: share })
    .nullable()
    .describe('Heights as shares of the picture.'),
  area: z
    .strictObject({ x: share, y: share, width: share, height: share })
    .nullable()
    .describe('Where it stands, as shares of the picture.'),
});
export type Condition = z.output<typeof conditionSchema>;

/** What a condition may know of an alert. */
export interface AlertFacts {
  readonly place: string;
  readonly class: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly height: number;
  readonly foot: Point;
}

/** Undefined for alerts that are about no thing, or of which the size of the picture is not known: they are never hidden. */
export function factsOf({ box, picture, at, reason, class: name }: Alert): AlertFacts | undefined {
  const { place } = reason.rule;
  if (picture === undefined || place === undefined || name === undefined) return undefined;
  const foot = footOf(box);
  return {
    ...{ place, class: name, at, height: box.height / picture.height },
    foot: [foot.x / picture.width, foot.y / picture.height],
  };
}

/** Minutes since midnight on the wall clock. */
export function minuteOf(at: number, timeZone: string): number {
  const local = at + zoneOffset(at, timeZone);
  return Math.floor((((local % 86_400_000) + 86_400_000) % 86_400_000) / 60_000);
}

/** Whether a condition holds for an alert. */
export function holds(condition: Condition, facts: AlertFacts, timeZone: string): boolean {
  const { minutes, heights, area } = condition;
  if (condition.place !== facts.place || condition.class !== facts.class) return false;
  if (heights !== null && (facts.height < heights.least || facts.height > heights.most)) return false;
  if (area !== null) {
    const [x, y] = facts.foot;
    if (x < area.x || x > area.x + area.width || y < area.y || y > area.y + area.height) return false;
  }
  if (minutes === null) return true;
  const now = minuteOf(facts.at, timeZone);
  const { from, to } = minutes;
  return from < to ? now >= from && now < to : now >= from || now < to;
}

/** Whether an alert is of a place that nothing learned may cover: its zone is protected, or it stands in one that is. */
export function isProtected({ place, foot }: AlertFacts, { zones }: Pick<CameraFile, 'zones'>): boolean {
  return zones.some((zone) => zone.protected === true && (zone.id === place || isInside(foot, zone.polygon)));
}

/** Whether a suppression hides an alert. */
export function hidesFacts(
  condition: Condition,
  facts: AlertFacts,
  timeZone: string,
  slot: Pick<CameraFile, 'zones'>,
): boolean {
  return holds(condition, facts, timeZone) && !isProtected(facts, slot);
}
