import type { Seconds } from '../../../core/time.ts';
import { median } from '../../../stats/index.ts';
import type { Rule } from '../site/schema.ts';
import type { Firing, Moment, RunningRule, Seen } from './firing.ts';
import { crosses, isInside, sideOf, type Point } from './geometry.ts';
import { Presence } from './presence.ts';

type ZoneEntry = Extract<Rule, { kind: 'zone-entry' }>;
type Dwell = Extract<Rule, { kind: 'dwell' }>;
type LineCrossing = Extract<Rule, { kind: 'line-crossing' }>;

/** Whether a thing is of the kind that a rule is about. */
function isMeant(rule: ZoneEntry | Dwell | LineCrossing, { track, height }: Seen): boolean {
  return (
    (rule.classes as readonly string[]).includes(track.class) &&
    median(track.scores) >= rule.minScore &&
    height >= rule.minHeight &&
    height <= rule.maxHeight
  );
}

/** Fires once for each time that somebody comes into the zone; fragments of one identity share its presence. */
export function zoneEntry(rule: ZoneEntry, polygon: readonly Point[]): RunningRule {
  const presence = new Presence(rule.inertia);
  const since = new Map<string, Seconds>();
  return ({ time, seen, remembered }) => {
    presence.keep(remembered);
    keepOnly(since, remembered);
    return seen.flatMap((one): Firing[] => {
      const isIn = isInside(one.foot, polygon);
      if (!isIn) since.delete(one.identity);
      else if (!since.has(one.identity)) since.set(one.identity, time);
      // Somebody not yet known well enough is not inside yet; what is known of them stays.
      if (!isMeant(rule, one) || !presence.update(one.identity, isIn)) return [];
      const inertia = time - (since.get(one.identity) ?? time);
      const text = `${one.track.class} entered zone ${rule.zone}`;
      return [{ text, box: one.track.box, seen: one, inertia, dwell: inertia }];
    });
  };
}

/** Fires once for each stay in the zone that is long enough; short losses of sight do not end a stay. */
export function dwell(rule: Dwell, polygon: readonly Point[]): RunningRule {
  const presence = new Presence(DWELL_INERTIA);
  const stays = new Map<string, { since: Seconds; fired: boolean }>();
  return ({ time, seen, remembered }) => {
    presence.keep(remembered);
    keepOnly(stays, remembered);
    return seen.flatMap((one): Firing[] => {
      const isIn = isInside(one.foot, polygon);
      presence.update(one.identity, isIn);
      if (!presence.isInside(one.identity)) {
        stays.delete(one.identity);
        return [];
      }
      const stay = stays.get(one.identity) ?? { since: time, fired: false };
      stays.set(one.identity, stay);
      const stayed = time - stay.since;
      if (!isIn || stay.fired || stayed < rule.seconds || !isMeant(rule, one)) return [];
      stay.fired = true;
      const text = `${one.track.class} has stayed in zone ${rule.zone} for ${Math.round(stayed)} s`;
      return [{ text, box: one.track.box, seen: one, dwell: stayed, inertia: rule.seconds }];
    });
  };
}

/** Looks in a row that begin and end a stay. */
const DWELL_INERTIA = 3;

/** Fires when a foot point passes the line; from a track's last foot point to the next, however far apart. */
export function lineCrossing(
  rule: LineCrossing,
  line: { readonly from: Point; readonly to: Point },
): RunningRule {
  const last = new Map<string, Point>();
  return ({ seen, remembered }: Moment) => {
    keepOnly(last, remembered);
    return seen.flatMap((one): Firing[] => {
      const before = last.get(one.identity);
      last.set(one.identity, one.foot);
      if (before === undefined || !crosses(line, before, one.foot) || !isMeant(rule, one)) return [];
      const side = sideOf(line, one.foot);
      if (rule.direction !== 'both' && rule.direction !== `to-${side}`) return [];
      const text = `${one.track.class} crossed line ${rule.line} to the ${side}`;
      return [{ text, box: one.track.box, seen: one, inertia: 0 }];
    });
  };
}

function keepOnly(map: Map<string, unknown>, names: ReadonlySet<string>): void {
  for (const name of map.keys()) if (!names.has(name)) map.delete(name);
}
