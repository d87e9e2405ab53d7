import { coverage } from '../../../core/box.ts';
import type { Seconds } from '../../../core/time.ts';
import type { Rule } from '../site/schema.ts';
import type { Firing, RunningRule } from './firing.ts';
import { isInside, type Point } from './geometry.ts';

type StillObject = Extract<Rule, { kind: 'object-left' | 'object-removed' }>;
type Tamper = Extract<Rule, { kind: 'tamper' }>;

/** Share of a changed place that somebody followed covers, above which the change is that person, standing there. */
const isSomebody = 0.3;

/** Fires once for each lasting change of the background in the zone that is no person or vehicle standing there. */
export function stillObject(rule: StillObject, polygon: readonly Point[]): RunningRule {
  const told = new Set<number>();
  const wanted = rule.kind === 'object-left' ? 'left' : 'removed';
  return ({ time, seen, changes, picture }) => {
    for (const id of told) if (!changes.some((change) => change.id === id)) told.delete(id);
    return changes.flatMap(({ id, what, since, box }): Firing[] => {
      const foot: Point = [(box.x + box.width / 2) / picture.width, (box.y + box.height) / picture.height];
      const height = box.height / picture.height;
      const lasted = time - since;
      if (told.has(id) || what !== wanted || lasted < rule.seconds || !isInside(foot, polygon)) return [];
      if (height < rule.minHeight || height > rule.maxHeight) return [];
      if (seen.some(({ track }) => coverage(box, track.box) > isSomebody)) return [];
      told.add(id);
      const text = `something was ${what} in zone ${rule.zone}`;
      return [{ text, box, dwell: lasted, inertia: rule.seconds }];
    });
  };
}

/** Fires once for each spell in which the camera does not see what it should. */
export function tamper(rule: Tamper): RunningRule {
  let since: Seconds | undefined;
  let told = false;
  return ({ time, health, picture }) => {
    if (health.state === 'good' || !rule.what.includes(health.state)) {
      since = undefined;
      told = false;
      return [];
    }
    since ??= health.since;
    if (told || time - since < rule.seconds) return [];
    told = true;
    const box = { x: 0, y: 0, ...picture };
    const text = `the picture is ${health.state}`;
    return [{ text, box, dwell: time - since, inertia: rule.seconds }];
  };
}
