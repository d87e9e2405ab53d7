import { z } from 'zod';
import type { RawDetection } from '../detection.ts';
import { Candidates, wantedClasses } from './candidates.ts';
import {
  optionalTensorOf,
  parametersOf,
  requireOneClass,
  tensorOf,
  type Decode,
  type Family,
} from './family.ts';

const STRIDE = 4;
const parametersSchema = z.strictObject({});

/**
 * CenterFace (Xu et al., "CenterFace: Joint Face Detection and Alignment Using Face as Point", 2019).
 *
 * Roles, with h = height / 4 and w = width / 4 of an input whose sides are multiples of 32: `heatmap` [1, 1, h, w]
 * probabilities; `scale` [1, 2, h, w] natural logarithm of height and of width in cells; `offset` [1, 2, h, w] of the
 * centre in y and in x, in cells; optional `landmarks` [1, 10, h, w]: five pairs y, x as fractions of the box from its
 * top-left corner. One class; no parameters.
 */
export const centerface: Family = {
  shapes: (_card, { width, height }) => {
    const cells = [height / STRIDE, width / STRIDE];
    return {
      heatmap: { anyOf: [[1, 1, ...cells]] },
      scale: { anyOf: [[1, 2, ...cells]] },
      offset: { anyOf: [[1, 2, ...cells]] },
      landmarks: { anyOf: [[1, 10, ...cells]], optional: true },
    };
  },

  prepare(card): Decode {
    requireOneClass(card);
    parametersOf(card, parametersSchema);
    return (outputs, request): RawDetection[] => {
      const candidates = new Candidates(card);
      if (wantedClasses(card, request).length === 0) return candidates.found;
      const heatmap = tensorOf(card, outputs, 'heatmap');
      const scale = tensorOf(card, outputs, 'scale').data;
      const offset = tensorOf(card, outputs, 'offset').data;
      const landmarks = optionalTensorOf(card, outputs, 'landmarks')?.data;
      const columns = heatmap.dims[3]!;
      const rows = heatmap.dims[2]!;
      const cells = rows * columns;
      for (let cell = 0; cell < cells; cell++) {
        const score = heatmap.data[cell]!;
        if (score < request.threshold) continue;
        const row = Math.floor(cell / columns);
        const height = Math.exp(scale[cell]!) / rows;
        const width = Math.exp(scale[cells + cell]!) / columns;
        const left = (cell - row * columns + offset[cells + cell]! + 0.5) / columns - width / 2;
        const top = (row + offset[cell]! + 0.5) / rows - height / 2;
        const points: number[] = [];
        for (let at = cell; landmarks !== undefined && at < landmarks.length; at += 2 * cells) {
          points.push(left + landmarks[at + cells]! * width, top + landmarks[at]! * height);
        }
        const found = landmarks === undefined ? undefined : points;
        candidates.addEdges(0, score, left, top, left + width, top + height, found);
      }
      return candidates.found;
    };
  },
};
