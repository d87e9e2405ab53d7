import { wilsonInterval } from '../../../stats/index.ts';
import type { CameraFile } from '../site/schema.ts';
import { hidesFacts, isProtected, minuteOf, type AlertFacts, type Condition } from './condition.ts';

/** An alert that was shown, with what became of its incident. `real`: confirmed, or escalated and not decided. */
export interface PastAlert extends AlertFacts {
  readonly outcome: 'dismissed' | 'real' | 'undecided';
}

/** What a suppression would have hidden. */
export interface WouldHide {
  readonly dismissed: number;
  readonly confirmed: number;
  readonly undecided: number;
  /** Of all that it would have hidden, the share that was dismissed: 95 % interval (Wilson). */
  readonly purity: { readonly low: number; readonly high: number };
  readonly days: number;
  /** For people. */
  readonly sentence: string;
}

export interface Proposal {
  readonly condition: Condition;
  readonly evidence: WouldHide;
}

/** Fewest dismissed alerts, and the lowest bound of their share, for a proposal. */
export const leastSupport = 9;
export const leastPurity = 0.7;
/** Of one place and class. */
const mostProposals = 3;
/** Share of the most that could be hidden which the narrowest condition must still hide. */
const enough = 0.9;

const hour = 60;
const lengths = [1, 2, 3, 4, 6, 8, 12];
/** The picture in cells of which one, or all, may be an area. */
const cells = 4;
/** Room that a window, or a band of heights, leaves around what it was learned from. */
const heightRoom = 0.02;

/** Counts what a condition would have hidden, by the very test that hides alerts. */
export function wouldHide(
  condition: Condition,
  past: readonly PastAlert[],
  { timeZone, slot, days }: Context,
): WouldHide {
  const hidden = past.filter((alert) => hidesFacts(condition, alert, timeZone, slot));
  const count = (outcome: PastAlert['outcome']): number =>
    hidden.filter((alert) => alert.outcome === outcome).length;
  const [dismissed, confirmed, undecided] = [count('dismissed'), count('real'), count('undecided')];
  return {
    ...{ dismissed, confirmed, undecided, days },
    purity: wilsonInterval(dismissed, hidden.length),
    sentence:
      `would have hidden ${dismissed} dismissed and ${confirmed} confirmed alerts of the last ${days} days` +
      (undecided > 0 ? `, and ${undecided} that nobody decided` : ''),
  };
}

export interface Context {
  readonly timeZone: string;
  readonly slot: Pick<CameraFile, 'zones'>;
  readonly days: number;
}

/** Whether what it would have hidden allows a suppression. */
export function isSound({ dismissed, confirmed, purity }: WouldHide): boolean {
  return confirmed === 0 && dismissed >= leastSupport && purity.low >= leastPurity;
}

/**
 * Looks for suppressions of one camera: for each place and class, windows of the day of whole hours, bands of height
 * between quarters of what was dismissed, and cells of the picture are tried one after the other. Of those that hide
 * nothing real and little that is undecided, the narrowest is taken that hides nearly the most; then what is left is
 * searched again. A few thousand conditions: each can be understood, and checked by counting.
 */
export function propose(past: readonly PastAlert[], context: Context): Proposal[] {
  const open = past.filter((alert) => !isProtected(alert, context.slot));
  const groups = Map.groupBy(open, (alert) => `${alert.class} ${alert.place}`);
  return [...groups.values()].flatMap((group) => {
    const found: Proposal[] = [];
    for (let left = group; found.length < mostProposals;) {
      const condition = best(left, context.timeZone);
      if (condition === undefined) break;
      // The words are those of all that was told, not of what the search still looked at.
      const evidence = wouldHide(condition, past, context);
      if (isSound(evidence)) found.push({ condition, evidence });
      left = left.filter(
        (alert) =>
          alert.outcome !== 'dismissed' || !hidesFacts(condition, alert, context.timeZone, context.slot),
      );
    }
    return found;
  });
}

interface Timed extends PastAlert {
  readonly minute: number;
}

function best(group: readonly PastAlert[], timeZone: string): Condition | undefined {
  const timed = group.map((alert): Timed => ({ ...alert, minute: minuteOf(alert.at, timeZone) }));
  const dismissed = timed.filter(({ outcome }) => outcome === 'dismissed');
  const [first] = dismissed;
  if (first === undefined || dismissed.length < leastSupport) return undefined;
  const { place, class: name } = first;
  const sound: { readonly condition: Condition; readonly hidden: number; readonly size: number }[] = [];
  for (const area of areasOf(dismissed))
    for (const heights of bandsOf(dismissed)) {
      const wide = { ...{ place, class: name, area, heights }, minutes: null };
      // The time of day is asked last, of what the rest holds for.
      const held = timed.filter((alert) => holdsSpace(wide, alert));
      for (const minutes of windowsOf(held)) {
        const inside = held.filter(({ minute }) => isIn(minutes, minute));
        const hidden = inside.filter(({ outcome }) => outcome === 'dismissed').length;
        if (hidden < leastSupport || inside.some(({ outcome }) => outcome === 'real')) continue;
        if (wilsonInterval(hidden, inside.length).low < leastPurity) continue;
        const share = minutes === null ? 1 : ((minutes.to - minutes.from + 1440) % 1440 || 1440) / 1440;
        const size =
          share *
          (heights === null ? 1 : heights.most - heights.least) *
          (area === null ? 1 : area.width * area.height);
        sound.push({ condition: { ...wide, minutes }, hidden, size });
      }
    }
  const most = Math.max(0, ...sound.map(({ hidden }) => hidden));
  return sound
    .filter(({ hidden }) => hidden >= enough * most)
    .sort((a, b) => a.size - b.size || b.hidden - a.hidden)[0]?.condition;
}

function holdsSpace({ area, heights }: Condition, { foot: [x, y], height }: Timed): boolean {
  return (
    (heights === null || (height >= heights.least && height <= heights.most)) &&
    (area === null || (x >= area.x && x <= area.x + area.width && y >= area.y && y <= area.y + area.height))
  );
}

function isIn(minutes: Condition['minutes'], minute: number): boolean {
  if (minutes === null) return true;
  const { from, to } = minutes;
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** All of the picture, and cells of it in which enough was dismissed. */
function areasOf(dismissed: readonly Timed[]): Condition['area'][] {
  const side = 1 / cells;
  const at = (value: number): number => Math.min(cells - 1, Math.floor(value * cells));
  const groups = Map.groupBy(dismissed, ({ foot: [x, y] }) => at(y) * cells + at(x));
  return [
    null,
    ...[...groups].flatMap(([cell, list]) =>
      list.length < leastSupport
        ? []
        : [{ x: (cell % cells) * side, y: Math.floor(cell / cells) * side, width: side, height: side }],
    ),
  ];
}

/** All heights, and bands between quarters of those that were dismissed. */
function bandsOf(dismissed: readonly Timed[]): Condition['heights'][] {
  const sorted = dismissed.map(({ height }) => height).sort((a, b) => a - b);
  const edges = [0, 0.25, 0.5, 0.75, 1].map((part) => sorted[Math.round(part * (sorted.length - 1))]!);
  return [
    null,
    ...edges.flatMap((least, from) =>
      edges.slice(from + 1).map((most) => ({
        least: Math.max(0, round(least - heightRoom)),
        most: Math.min(1, round(most + heightRoom)),
      })),
    ),
  ];
}

/** All day, and spans of whole hours that begin in an hour in which something was dismissed. */
function windowsOf(held: readonly Timed[]): Condition['minutes'][] {
  const hours = new Set(
    held.flatMap(({ minute, outcome }) => (outcome === 'dismissed' ? [Math.floor(minute / hour)] : [])),
  );
  return [
    null,
    ...[...hours].flatMap((from) =>
      lengths.map((length) => ({ from: from * hour, to: ((from + length) % 24) * hour })),
    ),
  ];
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
