import { z } from 'zod';
import type { RawDetection } from '../detection.ts';
import { Candidates, wantedClasses } from './candidates.ts';
import {
  parametersOf,
  requireOneClass,
  tensorOf,
  type Decode,
  type Family,
  type ShapeRule,
} from './family.ts';

const STRIDES = [8, 16, 32];
const parametersSchema = z.strictObject({});

/**
 * YuNet (Wu et al., "YuNet: A Tiny Millisecond-level Face Detector", 2023), as OpenCV's model zoo publishes it.
 *
 * Roles for each stride S of 8, 16 and 32, with N = (height / S) x (width / S) cells of an input whose sides are
 * multiples of 32: `clsS` [1, N, 1] and `objS` [1, N, 1] probabilities, score = square root of their product; `bboxS`
 * [1, N, 4] centre x, centre y as offsets from the cell and natural logarithms of width and height, all in cells;
 * `kpsS` [1, N, 10] five pairs x, y as offsets from the cell, in cells. One class; no parameters.
 */
export const yunet: Family = {
  shapes: (_card, { width, height }) => {
    const rules: Record<string, ShapeRule> = {};
    for (const stride of STRIDES) {
      const cells = (height / stride) * (width / stride);
      for (const [role, length] of [
        ['cls', 1],
        ['obj', 1],
        ['bbox', 4],
        ['kps', 10],
      ] as const) {
        rules[`${role}${stride}`] = { anyOf: [[1, cells, length]] };
      }
    }
    return rules;
  },

  prepare(card): Decode {
    requireOneClass(card);
    parametersOf(card, parametersSchema);
    return (outputs, request): RawDetection[] => {
      const candidates = new Candidates(card);
      if (wantedClasses(card, request).length === 0) return candidates.found;
      const { size, threshold } = request;
      for (const stride of STRIDES) {
        const cls = tensorOf(card, outputs, `cls${stride}`).data;
        const obj = tensorOf(card, outputs, `obj${stride}`).data;
        const bbox = tensorOf(card, outputs, `bbox${stride}`).data;
        const kps = tensorOf(card, outputs, `kps${stride}`).data;
        const columns = size.width / stride;
        const unitX = stride / size.width;
        const unitY = stride / size.height;
        for (let cell = 0; cell < cls.length; cell++) {
          const product = cls[cell]! * obj[cell]!;
          if (product < threshold * threshold) continue;
          const row = Math.floor(cell / columns);
          const column = cell - row * columns;
          const points: number[] = [];
          for (let at = cell * 10; at < cell * 10 + 10; at += 2) {
            points.push((column + kps[at]!) * unitX, (row + kps[at + 1]!) * unitY);
          }
          const at = cell * 4;
          candidates.addCentred(
            0,
            Math.min(1, Math.sqrt(product)),
            (column + bbox[at]!) * unitX,
            (row + bbox[at + 1]!) * unitY,
            Math.exp(bbox[at + 2]!) * unitX,
            Math.exp(bbox[at + 3]!) * unitY,
            points,
          );
        }
      }
      return candidates.found;
    };
  },
};
