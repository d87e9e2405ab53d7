import { describe, test } from 'node:test';
import { assertDetections, decodeTrial, fixed } from '../../../test/user-model.ts';

const { log } = Math;
const card = {
  family: 'detr',
  input: { width: 64, height: 32 },
  outputs: { logits: 'logits', boxes: 'boxes' },
  classes: ['person', 'car'],
  nms: 1,
} as const;
const boxes = {
  name: 'boxes',
  dims: [1, 3, 4],
  data: [0.5, 0.5, 0.2, 0.4, 0.1, 0.2, 0.2, 0.4, 0.8, 0.5, 0.4, 1],
};

describe('detr', () => {
  test('softmax with "no object" last', async (t) => {
    // Odds 6 : 1 : 1, 1 : 2 : 7 and 1 : 5 : 4.
    const data = [log(6), 0, 0, 0, log(2), log(7), 0, log(5), log(4)];
    const model = fixed(card, [{ name: 'logits', dims: [1, 3, 3], data }, boxes]);
    assertDetections(await decodeTrial(t, model, { threshold: 0.45 }), [
      [0, 0.75, 0.4, 0.3, 0.6, 0.7],
      [1, 0.5, 0.6, 0, 1, 1],
    ]);
    // The bound lets 5 : 4 pass the cut; its probability .5 does not.
    assertDetections(await decodeTrial(t, model, { threshold: 0.52 }), [[0, 0.75, 0.4, 0.3, 0.6, 0.7]]);
    assertDetections(await decodeTrial(t, model, { threshold: 0.45, classes: [1] }), [
      [1, 0.5, 0.6, 0, 1, 1],
    ]);
  });

  test('sigmoid: each class by itself', async (t) => {
    const data = [log(3), log(4), -9, -9, -9, log(9)];
    const model = fixed({ ...card, parameters: { activation: 'sigmoid' } }, [
      { name: 'logits', dims: [1, 3, 2], data },
      boxes,
    ]);
    assertDetections(await decodeTrial(t, model), [
      [0, 0.75, 0.4, 0.3, 0.6, 0.7],
      [1, 0.8, 0.4, 0.3, 0.6, 0.7],
      [1, 0.9, 0.6, 0, 1, 1],
    ]);
  });
});
