import type { Size } from '../../../core/box.ts';
import type { Seconds } from '../../../core/time.ts';
import type { MotRow } from '../../../stats/index.ts';
import { footOf } from '../live-tracks.ts';
import { isInside } from '../rules/geometry.ts';
import { Presence } from '../rules/presence.ts';
import type { CameraFile, Rule } from '../site/schema.ts';

/** Somebody entered a zone, by truth or by an alert. */
export interface Entry {
  readonly rule: string;
  readonly time: Seconds;
}

/** The entries that a perfect watch would tell, from annotated boxes by the rule's own definition. */
export function trueEntries(
  rows: readonly MotRow[],
  camera: CameraFile,
  picture: Size,
  timeOf: (frame: number) => Seconds,
): Entry[] {
  const frames = [...Map.groupBy(rows, ({ frame }) => frame)].sort(([a], [b]) => a - b);
  return camera.rules.filter(isZoneEntry).flatMap((rule) => {
    const { polygon } = camera.zones.find(({ id }) => id === rule.zone)!;
    const presence = new Presence(rule.inertia);
    return frames.flatMap(([frame, boxes]) =>
      boxes.flatMap(({ id, box }): Entry[] => {
        const foot = footOf(box);
        const isIn = isInside([foot.x / picture.width, foot.y / picture.height], polygon);
        return presence.update(String(id), isIn) ? [{ rule: rule.id, time: timeOf(frame) }] : [];
      }),
    );
  });
}

function isZoneEntry(rule: Rule): rule is Extract<Rule, { kind: 'zone-entry' }> {
  return rule.kind === 'zone-entry';
}

/** True entries and alerts laid side by side. */
export interface EntryScore {
  readonly truth: number;
  readonly alerts: number;
  readonly matched: number;
  /** Alerts over, near an entry that another alert had told already. */
  readonly duplicates: number;
  /** Alerts over, near no entry. */
  readonly falseAlerts: number;
}

/** Longest time between an entry and the alert that tells it. */
export const matchWithin: Seconds = 2;

/** Matches one to one, nearest in time first, within {@link matchWithin} and the same rule. */
export function matchEntries(truth: readonly Entry[], alerts: readonly Entry[]): EntryScore {
  const pairs = truth.flatMap((entry, row) =>
    alerts.flatMap((alert, column) => {
      const apart = Math.abs(entry.time - alert.time);
      return entry.rule === alert.rule && apart <= matchWithin ? [{ row, column, apart }] : [];
    }),
  );
  const [rows, columns] = [new Set<number>(), new Set<number>()];
  for (const { row, column } of pairs.toSorted((a, b) => a.apart - b.apart)) {
    if (rows.has(row) || columns.has(column)) continue;
    rows.add(row);
    columns.add(column);
  }
  const near = new Set(pairs.map(({ column }) => column));
  return {
    truth: truth.length,
    alerts: alerts.length,
    matched: columns.size,
    duplicates: [...near].filter((column) => !columns.has(column)).length,
    falseAlerts: alerts.length - near.size,
  };
}
