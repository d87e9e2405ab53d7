import { z } from 'zod';
import type { Size } from '../../core/box.ts';
import type { ModelCard } from '../../models/card.ts';
import type { RawDetection } from '../detection.ts';
import { Candidates, wantedClasses } from './candidates.ts';
import {
  optionalTensorOf,
  parametersOf,
  tensorOf,
  type Decode,
  type DecodeRequest,
  type Family,
  type Tensors,
} from './family.ts';

const parametersSchema = z.strictObject({
  order: z.enum(['yxyx', 'xyxy']).default('yxyx'),
  units: z.enum(['fractions', 'pixels']).default('fractions'),
});
type Parameters = z.output<typeof parametersSchema>;

/**
 * SSD whose boxes are already decoded, with or without the choice of classes inside.
 *
 * Roles: `boxes` [1, N, 4] (or [1, N, 1, 4]) edges, and either
 * - `scores` [1, N] with `classes` [1, N] (numbers that index the card's classes) and, if the model pads its lists,
 *   `count` [1] (entries from there on are ignored); or
 * - `scores` [1, N, C] alone: a probability for each of the card's C classes.
 *
 * Parameters: `order` of the edges, `yxyx` (top, left, bottom, right; default) or `xyxy`; `units`, `fractions` of the
 * input (default) or `pixels`.
 */
export const ssdBoxes: Family = {
  shapes: (card) => {
    const listed = card.outputs['classes'] !== undefined;
    return {
      boxes: {
        anyOf: [
          [1, 'N', 4],
          [1, 'N', 1, 4],
        ],
      },
      scores: { anyOf: [listed ? [1, 'N'] : [1, 'N', card.classes.length]] },
      classes: { anyOf: [[1, 'N']], optional: true },
      count: { anyOf: [[1], [1, 1], []], optional: true },
    };
  },

  prepare(card): Decode {
    const parameters = parametersOf(card, parametersSchema);
    return card.outputs['classes'] === undefined
      ? (outputs, request) => decodeMatrix(card, parameters, outputs, request)
      : (outputs, request) => decodeList(card, parameters, outputs, request);
  },
};

function decodeMatrix(
  card: ModelCard,
  parameters: Parameters,
  outputs: Tensors,
  request: DecodeRequest,
): RawDetection[] {
  const boxes = tensorOf(card, outputs, 'boxes').data;
  const scores = tensorOf(card, outputs, 'scores').data;
  const classCount = card.classes.length;
  const wanted = wantedClasses(card, request);
  const candidates = new Candidates(card);
  const add = boxAdder(candidates, parameters, boxes, request.size);
  for (let entry = 0, row = 0; row < scores.length; entry++, row += classCount) {
    for (let position = 0; position < wanted.length; position++) {
      const index = wanted[position]!;
      const score = scores[row + index]!;
      if (score < request.threshold) continue;
      add(index, score, entry);
    }
  }
  return candidates.found;
}

function decodeList(
  card: ModelCard,
  parameters: Parameters,
  outputs: Tensors,
  request: DecodeRequest,
): RawDetection[] {
  const boxes = tensorOf(card, outputs, 'boxes').data;
  const scores = tensorOf(card, outputs, 'scores').data;
  const classes = tensorOf(card, outputs, 'classes').data;
  const count = optionalTensorOf(card, outputs, 'count')?.data[0];
  const wanted = new Set(wantedClasses(card, request));
  const candidates = new Candidates(card);
  const add = boxAdder(candidates, parameters, boxes, request.size);
  for (let entry = 0; entry < scores.length; entry++) {
    if (count !== undefined && entry >= count) break;
    const score = scores[entry]!;
    if (score < request.threshold) continue;
    const index = Math.round(classes[entry]!);
    // An index the card does not know goes on to be refused there.
    if (wanted.has(index) || card.classes[index] === undefined) add(index, score, entry);
  }
  return candidates.found;
}

function boxAdder(
  candidates: Candidates,
  { order, units }: Parameters,
  boxes: Float32Array,
  size: Size,
): (classIndex: number, score: number, entry: number) => void {
  const [left, top, right, bottom] = order === 'yxyx' ? [1, 0, 3, 2] : [0, 1, 2, 3];
  const unitX = units === 'pixels' ? size.width : 1;
  const unitY = units === 'pixels' ? size.height : 1;
  return (classIndex, score, entry) => {
    const at = entry * 4;
    candidates.addEdges(
      classIndex,
      score,
      boxes[at + left]! / unitX,
      boxes[at + top]! / unitY,
      boxes[at + right]! / unitX,
      boxes[at + bottom]! / unitY,
    );
  };
}
