import type { Paint } from './colour.ts';
import { fillRun } from './fill.ts';
import { inset, type Shape } from './region.ts';
import type { Samples } from './samples.ts';
import { rowsOf, rowSpan } from './spans.ts';

/** Pixels of the coloured line and of the dark edge outside it, which keeps it visible on any ground. */
const LINE = 2;
const EDGE = 1;

/** Draws a line just inside the shape's edge; the rest of the picture stays. */
export function drawOutline(components: readonly Samples[], shape: Shape, paint: Paint, dark: Paint): void {
  const line = inset(shape, EDGE);
  for (const samples of components) {
    const { component } = samples;
    // The edge is too thin for subsampled chroma.
    if (component !== 'u' && component !== 'v') fillRing(samples, shape, EDGE, dark[component]);
    fillRing(samples, line, LINE, paint[component]);
  }
}

/** Fills what lies in the shape but not in the shape inset by `width` pixels. */
function fillRing(samples: Samples, shape: Shape, width: number, value: number): void {
  const hole = inset(shape, width);
  const rows = rowsOf(shape, samples);
  const holeRows = rowsOf(hole, samples, 'inner');
  for (let y = rows.from; y < rows.to; y++) {
    const outer = rowSpan(shape, samples, y);
    const inner =
      y >= holeRows.from && y < holeRows.to ? rowSpan(hole, samples, y, 'inner') : { from: 0, to: 0 };
    if (inner.to > inner.from) {
      fillRun(samples, y, outer.from, inner.from, value);
      fillRun(samples, y, inner.to, outer.to, value);
    } else {
      fillRun(samples, y, outer.from, outer.to, value);
    }
  }
}
