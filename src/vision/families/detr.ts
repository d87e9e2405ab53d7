import { z } from 'zod';
import type { RawDetection } from '../detection.ts';
import { Candidates, wantedClasses } from './candidates.ts';
import { parametersOf, tensorOf, type Decode, type Family } from './family.ts';
import { logit, sigmoid, softmax } from './scores.ts';

const parametersSchema = z.strictObject({ activation: z.enum(['softmax', 'sigmoid']).default('softmax') });

/**
 * Set-prediction detectors (Carion et al., "End-to-End Object Detection with Transformers", 2020) and their focal-loss
 * kin (Deformable DETR, RT-DETR). Give the card `"nms": 1`: the queries do not repeat each other.
 *
 * Roles: `logits` [1, N, C + 1] with "no object" last (softmax), or [1, N, C] (sigmoid), C = number of `classes`;
 * `boxes` [1, N, 4] centre x, centre y, width, height in fractions of the input.
 * Parameter `activation`: `softmax` (default; each query gives its best wanted class) or `sigmoid` (each class over the
 * threshold counts).
 */
export const detr: Family = {
  shapes: (card) => {
    const noObject = parametersOf(card, parametersSchema).activation === 'softmax' ? 1 : 0;
    return { logits: { anyOf: [[1, 'N', card.classes.length + noObject]] }, boxes: { anyOf: [[1, 'N', 4]] } };
  },

  prepare(card): Decode {
    const isSoftmax = parametersOf(card, parametersSchema).activation === 'softmax';
    const width = card.classes.length + (isSoftmax ? 1 : 0);
    return (outputs, request): RawDetection[] => {
      const logits = tensorOf(card, outputs, 'logits').data;
      const boxes = tensorOf(card, outputs, 'boxes').data;
      const { threshold } = request;
      const cut = logit(threshold);
      const wanted = wantedClasses(card, request);
      const candidates = new Candidates(card);
      const add = (index: number, score: number, query: number): void => {
        const at = query * 4;
        candidates.addCentred(index, score, boxes[at]!, boxes[at + 1]!, boxes[at + 2]!, boxes[at + 3]!);
      };
      for (let query = 0, row = 0; row < logits.length; query++, row += width) {
        if (isSoftmax) {
          const index = bestOf(logits, row, wanted);
          // A softmax probability is at most sigmoid(own - other): "no object" bounds it cheaply.
          if (index < 0 || logits[row + index]! - logits[row + width - 1]! < cut) continue;
          const score = softmax(logits, row, width, index);
          if (!(score < threshold)) add(index, score, query);
        } else {
          for (let position = 0; position < wanted.length; position++) {
            const value = logits[row + wanted[position]!]!;
            if (!(value < cut)) add(wanted[position]!, sigmoid(value), query);
          }
        }
      }
      return candidates.found;
    };
  },
};

/** The wanted entry with the highest logit, -1 when none is wanted; NaN wins, so that it is noticed. */
function bestOf(logits: Float32Array, row: number, wanted: Int32Array): number {
  let best = -1;
  let bestValue = -Infinity;
  for (let position = 0; position < wanted.length; position++) {
    const value = logits[row + wanted[position]!]!;
    if (Number.isNaN(value)) return wanted[position]!;
    if (value <= bestValue) continue;
    best = wanted[position]!;
    bestValue = value;
  }
  return best;
}
