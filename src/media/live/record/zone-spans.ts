import type { Size } from '../../../core/box.ts';
import type { ZonePolygon } from './mode.ts';

/** Samples of a row, from the first up to but without the last. */
export interface RowSpan {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

/** The samples of a plane that show any of the zones, and one more on each side. Spans of a row may overlap. */
export function zoneSpans(zones: readonly ZonePolygon[], { width, height }: Size): RowSpan[] {
  return zones.flatMap((zone) => {
    const corners = zone.map(([x, y]) => ({ x: x * width, y: y * height }));
    const edges = corners.map((from, index) => ({ from, to: corners[(index + 1) % corners.length]! }));
    return Array.from({ length: height }, (_, row) => spansOfRow(edges, row))
      .flat()
      .map(({ row, from, to }) => ({
        row,
        from: Math.max(0, Math.floor(from) - 1),
        to: Math.min(width, Math.ceil(to) + 1),
      }))
      .filter(({ from, to }) => to > from);
  });
}

interface Edge {
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
}

/** What the edges touch of a row and its neighbours, and the inside between those that cross its middle. */
function spansOfRow(edges: readonly Edge[], row: number): RowSpan[] {
  const touched = edges.flatMap(({ from, to }) => {
    const [top, bottom] = [row - 1, row + 2];
    if (Math.max(from.y, to.y) < top || Math.min(from.y, to.y) > bottom) return [];
    const xAt = (y: number): number =>
      from.y === to.y
        ? from.x
        : from.x + ((to.x - from.x) * (Math.min(Math.max(y, top), bottom) - from.y)) / (to.y - from.y);
    const ends = from.y === to.y ? [from.x, to.x] : [xAt(from.y), xAt(to.y)];
    return [{ row, from: Math.min(...ends), to: Math.max(...ends) }];
  });
  const middle = row + 0.5;
  const crossings = edges
    .filter(({ from, to }) => from.y <= middle !== to.y <= middle)
    .map(({ from, to }) => from.x + ((to.x - from.x) * (middle - from.y)) / (to.y - from.y))
    .sort((a, b) => a - b);
  const inside: RowSpan[] = [];
  for (let at = 0; at + 1 < crossings.length; at += 2)
    inside.push({ row, from: crossings[at]!, to: crossings[at + 1]! });
  return [...touched, ...inside];
}
