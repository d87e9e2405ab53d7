import { z } from 'zod';
import type { RawDetection } from '../detection.ts';
import { Candidates, wantedClasses } from './candidates.ts';
import { parametersOf, tensorOf, type Decode, type Family } from './family.ts';

const parametersSchema = z.strictObject({});

/**
 * YOLOv8- and YOLO11-style detection heads as Ultralytics exports them to ONNX without end-to-end suppression.
 *
 * Role: `predictions` [1, 4 + C, N]: rows of centre x, centre y, width, height in pixels of the input, then a row of
 * probabilities for each of the card's C classes. Each of the N columns gives its best wanted class. No parameters.
 */
export const yoloV8: Family = {
  shapes: (card) => ({ predictions: { anyOf: [[1, 4 + card.classes.length, 'N']] } }),

  prepare(card): Decode {
    parametersOf(card, parametersSchema);
    return (outputs, request): RawDetection[] => {
      const { data, dims } = tensorOf(card, outputs, 'predictions');
      const count = dims[2]!;
      const { threshold, size } = request;
      const bestScore = new Float32Array(count);
      const best = new Int32Array(count).fill(-1);
      for (const index of wantedClasses(card, request)) {
        const row = data.subarray((4 + index) * count, (5 + index) * count);
        for (let column = 0; column < count; column++) {
          const score = row[column]!;
          if (score < threshold || score <= bestScore[column]!) continue;
          best[column] = index;
          bestScore[column] = score;
        }
      }
      const candidates = new Candidates(card);
      for (let column = 0; column < count; column++) {
        if (best[column]! < 0) continue;
        candidates.addCentred(
          best[column]!,
          bestScore[column]!,
          data[column]! / size.width,
          data[count + column]! / size.height,
          data[2 * count + column]! / size.width,
          data[3 * count + column]! / size.height,
        );
      }
      return candidates.found;
    };
  },
};
