import type { Shape } from './region.ts';

/** A grid of samples lying over luma pixels: sample (i, j) serves pixels from (i << shiftX, j << shiftY) on. */
export interface SampleGrid {
  readonly width: number;
  readonly height: number;
  readonly shiftX: number;
  readonly shiftY: number;
}

/** Samples `from` up to, but without, `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** `outer`: every sample the shape touches. `inner`: only samples that lie wholly in it. */
export type Rounding = 'outer' | 'inner';

const none: Span = { from: 0, to: 0 };

/** Rows of the grid that the shape may have samples in. */
export function rowsOf(shape: Shape, grid: SampleGrid, rounding: Rounding = 'outer'): Span {
  return samplesOf(shape.top, shape.bottom, grid.shiftY, grid.height, rounding);
}

/** Samples of one row. The rounding is exact: a row of chroma samples counts all the luma rows it serves. */
export function rowSpan(shape: Shape, grid: SampleGrid, row: number, rounding: Rounding = 'outer'): Span {
  if (!shape.ellipse) return samplesOf(shape.left, shape.right, grid.shiftX, grid.width, rounding);
  const centreY = (shape.top + shape.bottom) / 2;
  const first = row * 2 ** grid.shiftY - centreY;
  const last = first + 2 ** grid.shiftY;
  // The ellipse is widest at the line of this row nearest to its centre and narrowest at the farthest.
  const nearest = first > 0 ? first : last < 0 ? last : 0;
  const farthest = Math.max(-first, last);
  const share = ((rounding === 'outer' ? nearest : farthest) * 2) / (shape.bottom - shape.top);
  if (!(share * share <= 1)) return none;
  const half = ((shape.right - shape.left) / 2) * Math.sqrt(1 - share * share);
  const centreX = (shape.left + shape.right) / 2;
  return samplesOf(centreX - half, centreX + half, grid.shiftX, grid.width, rounding);
}

/** Samples between two edges given in luma pixels, clipped to 0..count. */
function samplesOf(low: number, high: number, shift: number, count: number, rounding: Rounding): Span {
  if (!(high > low)) return none;
  const unit = 2 ** shift;
  const from = rounding === 'outer' ? Math.floor(low / unit) : Math.ceil(low / unit);
  const to = rounding === 'outer' ? Math.ceil(high / unit) : Math.floor(high / unit);
  const span = { from: Math.max(0, from), to: Math.min(count, to) };
  return span.to > span.from ? span : none;
}

/** Calls `visit` for each row that the shape touches, with the samples it touches there. */
export function eachShapeRow(
  shape: Shape,
  grid: SampleGrid,
  visit: (y: number, from: number, to: number) => void,
): void {
  const rows = rowsOf(shape, grid);
  if (rows.to === rows.from) return;
  let span = rowSpan(shape, grid, rows.from);
  for (let y = rows.from; y < rows.to; y++) {
    if (shape.ellipse) span = rowSpan(shape, grid, y);
    if (span.to > span.from) visit(y, span.from, span.to);
  }
}
