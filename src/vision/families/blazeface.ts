import { z } from 'zod';
import type { ModelCard } from '../../models/card.ts';
import type { RawDetection } from '../detection.ts';
import { Candidates, wantedClasses } from './candidates.ts';
import { parametersOf, requireOneClass, tensorOf, type Decode, type Family } from './family.ts';
import { logit, sigmoid } from './scores.ts';

const parametersSchema = z.strictObject({
  grids: z
    .array(z.tuple([z.int().positive(), z.int().positive()]))
    .min(1)
    .default([[48, 1]]),
});

/**
 * MediaPipe face detectors (Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs", 2019).
 *
 * Roles: `logits` [1, N, 1]; `regressors` [1, N, 16]: centre x, centre y, width, height, then six pairs x, y (eyes, nose,
 * mouth, ears), all in pixels of the input, centre and points relative to the anchor.
 * Parameter `grids`: pairs of cells on a side and anchors per cell; an anchor is the centre of its cell. Default
 * [[48, 1]], the full-range model (N = 2304); the short-range model has [[16, 2], [8, 6]] (N = 896). One class.
 */
export const blazeface: Family = {
  shapes: (card) => {
    const count = gridCentres(card).length / 2;
    return { logits: { anyOf: [[1, count, 1]] }, regressors: { anyOf: [[1, count, 16]] } };
  },

  prepare(card): Decode {
    requireOneClass(card);
    const centres = gridCentres(card);
    return (outputs, request): RawDetection[] => {
      const candidates = new Candidates(card);
      if (wantedClasses(card, request).length === 0) return candidates.found;
      const logits = tensorOf(card, outputs, 'logits').data;
      const regressors = tensorOf(card, outputs, 'regressors').data;
      const { width, height } = request.size;
      const cut = logit(request.threshold);
      for (let anchor = 0; anchor < logits.length; anchor++) {
        if (logits[anchor]! < cut) continue;
        const x = centres[anchor * 2]!;
        const y = centres[anchor * 2 + 1]!;
        const at = anchor * 16;
        const points: number[] = [];
        for (let point = at + 4; point < at + 16; point += 2) {
          points.push(x + regressors[point]! / width, y + regressors[point + 1]! / height);
        }
        candidates.addCentred(
          0,
          sigmoid(logits[anchor]!),
          x + regressors[at]! / width,
          y + regressors[at + 1]! / height,
          regressors[at + 2]! / width,
          regressors[at + 3]! / height,
          points,
        );
      }
      return candidates.found;
    };
  },
};

/** Anchor centres as pairs x, y in fractions of the input: grid by grid, row by row, cell by cell. */
function gridCentres(card: ModelCard): Float64Array {
  const values: number[] = [];
  for (const [cells, anchors] of parametersOf(card, parametersSchema).grids) {
    for (let cell = 0; cell < cells * cells; cell++) {
      const x = ((cell % cells) + 0.5) / cells;
      const y = (Math.floor(cell / cells) + 0.5) / cells;
      for (let anchor = 0; anchor < anchors; anchor++) values.push(x, y);
    }
  }
  return Float64Array.from(values);
}
