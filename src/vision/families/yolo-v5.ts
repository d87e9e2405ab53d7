import { z } from 'zod';
import type { RawDetection } from '../detection.ts';
import { Candidates, wantedClasses } from './candidates.ts';
import { parametersOf, tensorOf, type Decode, type Family } from './family.ts';

const parametersSchema = z.strictObject({});

/**
 * YOLOv5-style heads with decoding inside, as `export.py --include onnx` of the YOLOv5 project writes them.
 *
 * Role: `predictions` [1, N, 5 + C]: centre x, centre y, width, height in pixels of the input, objectness, then a
 * probability for each of the card's C classes. Score = objectness x class probability; each row gives its best wanted
 * class. No parameters.
 */
export const yoloV5: Family = {
  shapes: (card) => ({ predictions: { anyOf: [[1, 'N', 5 + card.classes.length]] } }),

  prepare(card): Decode {
    parametersOf(card, parametersSchema);
    const rowLength = 5 + card.classes.length;
    return (outputs, request): RawDetection[] => {
      const { data } = tensorOf(card, outputs, 'predictions');
      const { threshold, size } = request;
      const wanted = wantedClasses(card, request);
      const candidates = new Candidates(card);
      for (let row = 0; row < data.length; row += rowLength) {
        const objectness = data[row + 4]!;
        if (objectness < threshold) continue;
        let best = -1;
        let bestScore = -Infinity;
        for (let position = 0; position < wanted.length; position++) {
          const score = objectness * data[row + 5 + wanted[position]!]!;
          if (score <= bestScore) continue;
          best = wanted[position]!;
          bestScore = score;
        }
        if (best < 0 || bestScore < threshold) continue;
        candidates.addCentred(
          best,
          bestScore,
          data[row]! / size.width,
          data[row + 1]! / size.height,
          data[row + 2]! / size.width,
          data[row + 3]! / size.height,
        );
      }
      return candidates.found;
    };
  },
};
