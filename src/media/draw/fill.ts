import type { SpanMask } from './mask.ts';
import type { Shape } from './region.ts';
import type { Samples } from './samples.ts';
import { eachShapeRow } from './spans.ts';

/** Sets samples `from`..`to` of row `y` to one value. */
export function fillRun(samples: Samples, y: number, from: number, to: number, value: number): void {
  const { data, step } = samples;
  const row = samples.offset + y * samples.stride;
  if (step === 1) {
    data.fill(value, row + from, row + to);
    return;
  }
  const stop = row + to * step;
  for (let i = row + from * step; i < stop; i += step) data[i] = value;
}

/** Fills every sample that the shape touches. */
export function fillShape(samples: Samples, shape: Shape, value: number): void {
  eachShapeRow(shape, samples, (y, from, to) => fillRun(samples, y, from, to, value));
}

/** Fills what the mask hides. */
export function fillMask(samples: Samples, mask: SpanMask, value: number): void {
  for (let y = 0; y < mask.height; y++) {
    for (let i = mask.first[y]!; i < mask.end[y]!; i++) {
      fillRun(samples, y, mask.edges[2 * i]!, mask.edges[2 * i + 1]!, value);
    }
  }
}
