import { z } from 'zod';
import type { ModelCard } from '../../models/card.ts';
import type { RawDetection } from '../detection.ts';
import { Candidates, wantedClasses } from './candidates.ts';
import {
  optionalTensorOf,
  parametersOf,
  requireOneClass,
  tensorOf,
  type Decode,
  type DecodeRequest,
  type Family,
  type ShapeRule,
  type Tensors,
} from './family.ts';

/** Sides in pixels of the two square anchors of a cell, by stride. */
const ANCHORS = [
  [32, [512, 256]],
  [16, [128, 64]],
  [8, [32, 16]],
] as const;
/** Centre of the first cell's anchors: half of a 16-pixel base box counted in whole pixels, 0..15. */
const FIRST_CENTRE = 7.5;
const parametersSchema = z.strictObject({});

/**
 * RetinaFace with a MobileNet-0.25 backbone (Deng et al., "RetinaFace: Single-stage Dense Face Localisation in the
 * Wild", 2019), two anchors per cell.
 *
 * Roles for each stride S of 32, 16 and 8, with h = height / S and w = width / S of an input whose sides are multiples
 * of 32: `probS` [1, 4, h, w] probabilities, channels 2 and 3 are the face of anchor 0 and 1; `bboxS` [1, 8, h, w] dx,
 * dy, dw, dh of anchor 0, then of anchor 1 (centre in anchor sides, size as natural logarithm); optional `landmarksS`
 * [1, 20, h, w] five pairs x, y per anchor, in anchor sides. One class; no parameters.
 */
export const retinaface: Family = {
  shapes: (_card, { width, height }) => {
    const rules: Record<string, ShapeRule> = {};
    for (const [stride] of ANCHORS) {
      const cells = [height / stride, width / stride];
      rules[`prob${stride}`] = { anyOf: [[1, 4, ...cells]] };
      rules[`bbox${stride}`] = { anyOf: [[1, 8, ...cells]] };
      rules[`landmarks${stride}`] = { anyOf: [[1, 20, ...cells]], optional: true };
    }
    return rules;
  },

  prepare(card): Decode {
    requireOneClass(card);
    parametersOf(card, parametersSchema);
    return (outputs, request): RawDetection[] => {
      const candidates = new Candidates(card);
      if (wantedClasses(card, request).length === 0) return candidates.found;
      for (const [stride, sides] of ANCHORS) {
        for (const [anchor, side] of sides.entries()) {
          scan(card, outputs, request, { stride, anchor, side }, candidates);
        }
      }
      return candidates.found;
    };
  },
};

function scan(
  card: ModelCard,
  outputs: Tensors,
  { size, threshold }: DecodeRequest,
  { stride, anchor, side }: { stride: number; anchor: number; side: number },
  candidates: Candidates,
): void {
  const prob = tensorOf(card, outputs, `prob${stride}`).data;
  const bbox = tensorOf(card, outputs, `bbox${stride}`).data;
  const landmarks = optionalTensorOf(card, outputs, `landmarks${stride}`)?.data;
  const columns = size.width / stride;
  const cells = columns * (size.height / stride);
  for (let cell = 0; cell < cells; cell++) {
    const score = prob[(2 + anchor) * cells + cell]!;
    if (score < threshold) continue;
    const row = Math.floor(cell / columns);
    const x = FIRST_CENTRE + (cell - row * columns) * stride;
    const y = FIRST_CENTRE + row * stride;
    const points: number[] = [];
    const end = (anchor + 1) * 10 * cells;
    for (let at = anchor * 10 * cells + cell; landmarks !== undefined && at < end; at += 2 * cells) {
      points.push(
        (x + landmarks[at]! * side) / size.width,
        (y + landmarks[at + cells]! * side) / size.height,
      );
    }
    const at = anchor * 4 * cells + cell;
    // Sizes count whole pixels from edge to edge, so a side of w pixels spans w - 1.
    candidates.addCentred(
      0,
      score,
      (x + bbox[at]! * side) / size.width,
      (y + bbox[at + cells]! * side) / size.height,
      (Math.exp(bbox[at + 2 * cells]!) * side - 1) / size.width,
      (Math.exp(bbox[at + 3 * cells]!) * side - 1) / size.height,
      landmarks === undefined ? undefined : points,
    );
  }
}
