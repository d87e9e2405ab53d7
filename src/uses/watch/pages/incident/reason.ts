import { asNumber, type Alert } from '../site.ts';

export interface PathPoint {
  readonly time: number;
  readonly x: number;
  readonly y: number;
}

/** Foot points in pixels of the stream, oldest first. */
export function pathOf({ reason }: Alert): readonly PathPoint[] {
  const path = reason['path'];
  if (!Array.isArray(path)) return [];
  return (path as readonly Readonly<Record<string, unknown>>[]).flatMap((point) => {
    const [time, x, y] = [asNumber(point['time']), asNumber(point['x']), asNumber(point['y'])];
    return time === undefined || x === undefined || y === undefined ? [] : [{ time, x, y }];
  });
}

/** The detector's scores, oldest first. */
export function scoresOf({ reason }: Alert): readonly number[] {
  const scores = reason['scores'];
  return Array.isArray(scores) ? (scores as readonly unknown[]).filter((one) => typeof one === 'number') : [];
}
