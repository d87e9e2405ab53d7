import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertDetections, decodeTrial, filled, fixed } from '../../../test/user-model.ts';

const { log } = Math;

describe('ssd-anchors', () => {
  const anchors = [
    [0.25, 0.75, 0.2, 0.4],
    [0.5, 0.5, 0.5, 0.5],
  ];
  const card = {
    family: 'ssd-anchors',
    input: { width: 64, height: 32 },
    outputs: { boxes: 'encodings', scores: 'predictions' },
    classes: ['', 'person', 'car'],
    parameters: { anchors },
  } as const;
  // Anchor 0: centre y .25 + 1/10 * .2 = .27, x .75 - 1/10 * .4 = .71, height .2 * 2 = .4, width .4.
  const encodings = { name: 'encodings', dims: [1, 2, 4], data: [1, -1, 5 * log(2), 0, 0, 0, 0, 0] };

  test('decodes offsets against anchors, and each class by its own logit', async (t) => {
    const data = [9, log(4), -9, 9, log(3), log(1.5)];
    const model = fixed(card, [encodings, { name: 'predictions', dims: [1, 2, 3], data }]);
    assertDetections(await decodeTrial(t, model), [
      [1, 0.8, 0.51, 0.07, 0.91, 0.47],
      [1, 0.75, 0.25, 0.25, 0.75, 0.75],
      [2, 0.6, 0.25, 0.25, 0.75, 0.75],
    ]);
    assertDetections(await decodeTrial(t, model, { classes: [2] }), [[2, 0.6, 0.25, 0.25, 0.75, 0.75]]);
    assertDetections(await decodeTrial(t, model, { threshold: 0.79 }), [[1, 0.8, 0.51, 0.07, 0.91, 0.47]]);
  });

  test('softmax over the background and the classes', async (t) => {
    // Row 0: 1 : 6 : 1; row 1: 6 : 1 : 1.
    const data = [0, log(6), 0, log(6), 0, 0];
    const model = fixed({ ...card, parameters: { anchors, activation: 'softmax' } }, [
      encodings,
      { name: 'predictions', dims: [1, 2, 3], data },
    ]);
    assertDetections(await decodeTrial(t, model), [[1, 0.75, 0.51, 0.07, 0.91, 0.47]]);
  });

  test('probabilities, offsets as x, y, width, height, other variances', async (t) => {
    const parameters = { anchors, activation: 'none', order: 'xywh', variances: [1, 2, 3, 4] };
    const model = fixed({ ...card, parameters }, [
      // Anchor 0: x .75 + 1/2 * .4, y .25 - .5/1 * .2, width .4 * 3, height .2 * 2.
      { name: 'encodings', dims: [1, 2, 4], data: [1, -0.5, 4 * log(3), 3 * log(2), 0, 0, 0, 0] },
      { name: 'predictions', dims: [1, 2, 3], data: [0, 0, 0.625, 0, 0.25, 0] },
    ]);
    assertDetections(await decodeTrial(t, model), [[2, 0.625, 0.35, -0.05, 1.55, 0.35]]);
  });

  test('the generated anchors of two small maps', async (t) => {
    const parameters = {
      anchors: { featureMaps: [2, 1], minScale: 0.2, maxScale: 0.81, ratios: [1, 4], reduceLowest: false },
    };
    // Five cells with three anchors. Cell (row 0, column 1): .2 square, .1 x .4, sqrt(.2 * .81) square;
    // the last map: .81 square, then .405 x 1.62, then sqrt(.81 * 1) = .9 square.
    const scores = filled(15 * 3, -9, { [4 * 3 + 1]: 0, [14 * 3 + 2]: 0 });
    const model = fixed({ ...card, parameters }, [
      { name: 'encodings', dims: [1, 15, 1, 4], data: new Float32Array(60) },
      { name: 'predictions', dims: [1, 15, 3], data: scores },
    ]);
    assertDetections(await decodeTrial(t, model), [
      [1, 0.5, 0.55, 0.2, 0.95, 0.3],
      [2, 0.5, 0.05, 0.05, 0.95, 0.95],
    ]);
  });

  test('a wrong number of anchors is a wrong card', async (t) => {
    const model = fixed({ ...card, parameters: { anchors: [anchors[0]] } }, [
      encodings,
      { name: 'predictions', dims: [1, 2, 3], data: [0, 0, 0, 0, 0, 0] },
    ]);
    await assert.rejects(decodeTrial(t, model), { code: 'E_MODEL_CARD', message: /1 anchors.*2/ });
  });
});
