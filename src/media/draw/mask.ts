import type { Shape } from './region.ts';
import { rowsOf, rowSpan, type Rounding, type SampleGrid } from './spans.ts';

/** Which samples of a grid are hidden, as sorted spans that neither touch nor overlap, row by row. */
export interface SpanMask {
  readonly width: number;
  readonly height: number;
  /** Spans of row `y` are `edges[2 * i]` up to, but without, `edges[2 * i + 1]` for i in `first[y]` .. `end[y] - 1`. */
  readonly first: Int32Array;
  readonly end: Int32Array;
  readonly edges: Int32Array;
}

/** The union of the shapes. */
export function unionMask(
  shapes: readonly Shape[],
  grid: SampleGrid,
  rounding: Rounding = 'outer',
): SpanMask {
  const { width, height } = grid;
  const rows = shapes.map((shape) => rowsOf(shape, grid, rounding));
  const first = new Int32Array(height + 1);
  for (const { from, to } of rows) for (let y = from; y < to; y++) first[y + 1]!++;
  for (let y = 0; y < height; y++) first[y + 1]! += first[y]!;
  const edges = new Int32Array(2 * first[height]!);
  const end = first.slice(0, height);
  for (const [index, shape] of shapes.entries()) {
    const { from, to } = rows[index]!;
    for (let y = from; y < to; y++) {
      const span = rowSpan(shape, grid, y, rounding);
      if (span.to > span.from) end[y] = insert(edges, first[y]!, end[y]!, span.from, span.to);
    }
  }
  for (let y = 0; y < height; y++) end[y] = merge(edges, first[y]!, end[y]!);
  return { width, height, first, end, edges };
}

/** Keeps the spans of a row sorted by their start; returns the new end. */
function insert(edges: Int32Array, first: number, end: number, from: number, to: number): number {
  let at = end;
  while (at > first && edges[2 * (at - 1)]! > from) {
    edges[2 * at] = edges[2 * at - 2]!;
    edges[2 * at + 1] = edges[2 * at - 1]!;
    at--;
  }
  edges[2 * at] = from;
  edges[2 * at + 1] = to;
  return end + 1;
}

/** Joins sorted spans that touch; returns the new end. */
function merge(edges: Int32Array, first: number, end: number): number {
  if (end - first < 2) return end;
  let last = first;
  for (let i = first + 1; i < end; i++) {
    if (edges[2 * i]! <= edges[2 * last + 1]!) {
      edges[2 * last + 1] = Math.max(edges[2 * last + 1]!, edges[2 * i + 1]!);
    } else {
      last++;
      edges[2 * last] = edges[2 * i]!;
      edges[2 * last + 1] = edges[2 * i + 1]!;
    }
  }
  return last + 1;
}

/** Everything that the mask leaves free. */
export function complement(mask: SpanMask): SpanMask {
  const { width, height } = mask;
  const first = new Int32Array(height + 1);
  const edges: number[] = [];
  for (let y = 0; y < height; y++) {
    first[y] = edges.length / 2;
    eachGap(mask, y, 0, width, (from, to) => edges.push(from, to));
  }
  first[height] = edges.length / 2;
  return { width, height, first, end: first.slice(1), edges: Int32Array.from(edges) };
}

/** Calls `visit` for each part of `from`..`to` in row `y` that the mask, if there is one, leaves free. */
export function eachGap(
  mask: SpanMask | undefined,
  y: number,
  from: number,
  to: number,
  visit: (from: number, to: number) => void,
): void {
  if (mask === undefined) return visit(from, to);
  let at = from;
  for (let i = mask.first[y]!; i < mask.end[y]! && at < to; i++) {
    const start = mask.edges[2 * i]!;
    const stop = mask.edges[2 * i + 1]!;
    if (start > at) visit(at, Math.min(start, to));
    at = Math.max(at, stop);
  }
  if (at < to) visit(at, to);
}

/** Calls `visit` for each hidden part of `from`..`to` in row `y`. */
export function eachSpan(
  mask: SpanMask,
  y: number,
  from: number,
  to: number,
  visit: (from: number, to: number) => void,
): void {
  for (let i = mask.first[y]!; i < mask.end[y]!; i++) {
    const start = Math.max(from, mask.edges[2 * i]!);
    const stop = Math.min(to, mask.edges[2 * i + 1]!);
    if (stop > start) visit(start, stop);
  }
}
