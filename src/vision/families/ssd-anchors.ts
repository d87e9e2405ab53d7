import { z } from 'zod';
import type { ModelCard } from '../../models/card.ts';
import type { RawDetection } from '../detection.ts';
import { Candidates, wantedClasses } from './candidates.ts';
import {
  parametersOf,
  tensorOf,
  wrongCard,
  type Decode,
  type DecodeRequest,
  type Family,
  type Tensors,
} from './family.ts';
import { logit, sigmoid, softmax } from './scores.ts';
import { gridAnchors } from './ssd-grid.ts';

const fractionPair = z.tuple([z.number(), z.number(), z.number().positive(), z.number().positive()]);

const parametersSchema = z.strictObject({
  anchors: z.union([
    z.array(fractionPair).min(1),
    z.strictObject({
      featureMaps: z.array(z.int().positive()).min(2),
      minScale: z.number().positive(),
      maxScale: z.number().positive(),
      ratios: z.array(z.number().positive()).min(1),
      reduceLowest: z.boolean().default(true),
    }),
  ]),
  variances: z
    .tuple([z.number().positive(), z.number().positive(), z.number().positive(), z.number().positive()])
    .default([10, 10, 5, 5]),
  activation: z.enum(['sigmoid', 'softmax', 'none']).default('sigmoid'),
  order: z.enum(['yxhw', 'xywh']).default('yxhw'),
});
type Parameters = z.output<typeof parametersSchema>;

/**
 * Raw SSD heads (Liu et al., "SSD: Single Shot MultiBox Detector", 2016), as MobileNet SSD and SSDLite export them.
 *
 * Roles: `boxes` [1, N, 4] (or [1, N, 1, 4]) offsets against N anchors; `scores` [1, N, C], C = number of `classes`.
 * Parameters:
 * - `anchors`: N anchors as [centre y, centre x, height, width] in fractions of the input, or the generator of the
 *   TensorFlow detection models: `{featureMaps, minScale, maxScale, ratios, reduceLowest}` (see {@link gridAnchors}).
 * - `variances`: divisors of the offsets y, x, height, width; default [10, 10, 5, 5].
 * - `activation`: `sigmoid` (default), `softmax` (class 0 is the background: name it "") or `none` (probabilities).
 * - `order`: order of the four offsets, `yxhw` (default) or `xywh`; anchors and variances stay in y, x order.
 */
export const ssdAnchors: Family = {
  shapes: (card) => ({
    boxes: {
      anyOf: [
        [1, 'N', 4],
        [1, 'N', 1, 4],
      ],
    },
    scores: { anyOf: [[1, 'N', card.classes.length]] },
  }),

  prepare(card): Decode {
    const parameters = parametersOf(card, parametersSchema);
    const anchors = Array.isArray(parameters.anchors)
      ? Float64Array.from(parameters.anchors.flat())
      : gridAnchors(parameters.anchors);
    return (outputs, request) => decode(card, parameters, anchors, outputs, request);
  },
};

function decode(
  card: ModelCard,
  { variances, activation, order }: Parameters,
  anchors: Float64Array,
  outputs: Tensors,
  request: DecodeRequest,
): RawDetection[] {
  const offsets = tensorOf(card, outputs, 'boxes').data;
  const scores = tensorOf(card, outputs, 'scores').data;
  const classCount = card.classes.length;
  const anchorCount = offsets.length / 4;
  if (anchors.length / 4 !== anchorCount) {
    throw wrongCard(
      card,
      `parameters.anchors gives ${anchors.length / 4} anchors, but the outputs have ${anchorCount}`,
    );
  }
  const isWanted = new Uint8Array(classCount);
  for (const index of wantedClasses(card, request)) isWanted[index] = 1;
  const cut = activation === 'none' ? request.threshold : logit(request.threshold);
  const candidates = new Candidates(card);
  const [y, x, h, w] = order === 'yxhw' ? [0, 1, 2, 3] : [1, 0, 3, 2];
  const [scaleY, scaleX, scaleH, scaleW] = variances;

  for (let anchor = 0; anchor < anchorCount; anchor++) {
    const row = anchor * classCount;
    // A softmax probability is at most sigmoid(own - other) for any other entry: the background bounds it cheaply.
    const bound = activation === 'softmax' ? cut + scores[row]! : cut;
    for (let cell = row; cell < row + classCount; cell++) {
      // Nearly every value ends here: asking for the class only afterwards keeps this loop to one comparison.
      if (scores[cell]! < bound) continue;
      const index = cell - row;
      if (isWanted[index] === 0) continue;
      const raw = scores[cell]!;
      const score =
        activation === 'none'
          ? raw
          : activation === 'sigmoid'
            ? sigmoid(raw)
            : softmax(scores, row, classCount, index);
      if (score < request.threshold) continue;
      const at = anchor * 4;
      const height = anchors[at + 2]!;
      const width = anchors[at + 3]!;
      candidates.addCentred(
        index,
        score,
        anchors[at + 1]! + (offsets[at + x]! / scaleX) * width,
        anchors[at]! + (offsets[at + y]! / scaleY) * height,
        Math.exp(offsets[at + w]! / scaleW) * width,
        Math.exp(offsets[at + h]! / scaleH) * height,
      );
    }
  }
  return candidates.found;
}
