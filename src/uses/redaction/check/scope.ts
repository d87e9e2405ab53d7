import { area, intersection, scaled, type PixelBox } from '../../../core/box.ts';
import { boxOnPath } from '../../../core/path.ts';
import type { Seconds } from '../../../core/time.ts';
import type { RedactionPlan, Region } from '../plan.ts';
import { findProfile } from '../profile.ts';
import type { RedactionSettings } from '../settings.ts';

/** What was left visible by choice is so this long before and after its region, and this much around it. */
const CHOICE = { seconds: 1, around: 1.5 };

/** Classes that show the same thing: a face that was left visible leaves the head visible, too. */
const families: readonly (readonly string[])[] = [
  ['face', 'head', 'person'],
  ['text', 'plate', 'code'],
];

/** Something seen in the output. */
export interface SeenThing {
  readonly class: string;
  readonly kind?: string;
  readonly box: PixelBox;
}

/** Knows what a plan set out to cover, so that what a person chose to leave visible is not held against it. */
export class Scope {
  readonly #plan: RedactionPlan;
  readonly #classes: ReadonlySet<string>;
  readonly #sensitiveOnly: boolean;
  readonly #chosen: readonly Region[] | undefined;
  readonly #kept: readonly Region[];

  /**
   * @param settings what the plan was made with, where that is known; else the plan's regions tell what is covered.
   * @param chosenClasses what the user's own models find.
   */
  constructor(
    plan: RedactionPlan,
    settings: RedactionSettings | undefined,
    chosenClasses: readonly string[],
  ) {
    this.#plan = plan;
    this.#classes = new Set([...coveredClasses(plan, settings), ...chosenClasses]);
    this.#sensitiveOnly = coversSensitiveText(plan, settings);
    const covered = plan.regions.filter((region) => region.redact && region.origin === 'model');
    this.#chosen = settings?.only === undefined ? undefined : covered;
    this.#kept = plan.regions.filter((region) => !region.redact && this.#classes.has(region.class));
  }

  covers(name: string): boolean {
    return this.#classes.has(name);
  }

  /** Whether the plan meant to cover such a thing at this place and time. */
  counts(seen: SeenThing, time: Seconds): boolean {
    const { spans, zones } = this.#plan.limits;
    if (!this.#classes.has(seen.class)) return false;
    if (seen.class === 'text' && this.#sensitiveOnly && seen.kind === undefined) return false;
    if (spans?.every(([start, end]) => time < start || time > end) === true) return false;
    if (zones?.every(([x, y, width, height]) => area(intersection(seen.box, { x, y, width, height })) === 0))
      return false;
    if (this.#chosen !== undefined && !this.#chosen.some((region) => isAbout(region, seen, time)))
      return false;
    // Of a line that was not taken for sensitive nobody chose that it is to be seen when it is.
    const isNews = (region: Region): boolean =>
      seen.class === 'text' && this.#sensitiveOnly && region.kind !== seen.kind;
    return !this.#kept.some((region) => isAbout(region, seen, time) && !isNews(region));
  }
}

/** A class of which the plan has regions, and covers none, was not asked for. */
function coveredClasses(plan: RedactionPlan, settings: RedactionSettings | undefined): readonly string[] {
  const usual = findProfile(plan.profile).classes;
  if (settings !== undefined) return settings.classes ?? usual;
  const proposed = new Set(plan.regions.map((region) => region.class));
  const covered = plan.regions.filter(({ redact }) => redact).map((region) => region.class);
  return [...usual.filter((name) => !proposed.has(name)), ...covered];
}

function coversSensitiveText(plan: RedactionPlan, settings: RedactionSettings | undefined): boolean {
  if (settings !== undefined) return (settings.text ?? findProfile(plan.profile).text) === 'sensitive';
  const lines = plan.regions.filter((region) => region.class === 'text');
  return lines.length > 0 && lines.every(({ redact, kind }) => redact === (kind !== undefined));
}

function isAbout(region: Region, seen: SeenThing, time: Seconds): boolean {
  if (time < region.start - CHOICE.seconds || time > region.end + CHOICE.seconds) return false;
  const akin =
    region.class === seen.class ||
    families.some((family) => family.includes(region.class) && family.includes(seen.class));
  if (!akin) return false;
  const path = region.keyframes.map(([at, x, y, width, height]) => ({
    time: at,
    box: { x, y, width, height },
  }));
  const place = scaled(boxOnPath(path, time), CHOICE.around);
  const x = seen.box.x + seen.box.width / 2;
  const y = seen.box.y + seen.box.height / 2;
  return x >= place.x && x <= place.x + place.width && y >= place.y && y <= place.y + place.height;
}
