import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertDetections, decodeTrial, fixed } from '../../../test/user-model.ts';

const boxes = { name: 'boxes', dims: [1, 3, 4], data: [0.1, 0.2, 0.5, 0.4, 0.3, 0.3, 0.6, 0.9, 0, 0, 0, 0] };

describe('ssd-boxes', () => {
  const listed = {
    family: 'ssd-boxes',
    input: { width: 64, height: 32 },
    outputs: { boxes: 'boxes', scores: 'scores', classes: 'classes', count: 'count' },
    classes: ['person', 'car'],
  } as const;
  const scores = { name: 'scores', dims: [1, 3], data: [0.9, 0.6, 0.8] };
  const classes = { name: 'classes', dims: [1, 3], data: [1, 0, 0] };

  test('lists with a count', async (t) => {
    const model = fixed(listed, [boxes, scores, classes, { name: 'count', dims: [1], data: [2] }]);
    assertDetections(await decodeTrial(t, model), [
      [1, 0.9, 0.2, 0.1, 0.4, 0.5],
      [0, 0.6, 0.3, 0.3, 0.9, 0.6],
    ]);
    assertDetections(await decodeTrial(t, model, { classes: [0] }), [[0, 0.6, 0.3, 0.3, 0.9, 0.6]]);
    assertDetections(await decodeTrial(t, model, { threshold: 0.7 }), [[1, 0.9, 0.2, 0.1, 0.4, 0.5]]);
  });

  test('lists without a count, edges as x1, y1, x2, y2 in pixels', async (t) => {
    const model = fixed(
      {
        ...listed,
        outputs: { boxes: 'boxes', scores: 'scores', classes: 'classes' },
        parameters: { order: 'xyxy', units: 'pixels' },
      },
      [{ ...boxes, data: [16, 8, 32, 24, 0, 0, 64, 32, 1, 1, 1, 1] }, scores, classes],
    );
    // The third box has no area, so there is nothing to show or cover.
    assertDetections(await decodeTrial(t, model), [
      [1, 0.9, 0.25, 0.25, 0.5, 0.75],
      [0, 0.6, 0, 0, 1, 1],
    ]);
  });

  test('a probability for each class', async (t) => {
    const card = { ...listed, outputs: { boxes: 'boxes', scores: 'scores' } };
    const matrix = { name: 'scores', dims: [1, 3, 2], data: [0.1, 0.7, 0.6, 0.8, 0, 0] };
    const model = fixed(card, [{ ...boxes, dims: [1, 3, 1, 4] }, matrix]);
    assertDetections(await decodeTrial(t, model), [
      [1, 0.7, 0.2, 0.1, 0.4, 0.5],
      [0, 0.6, 0.3, 0.3, 0.9, 0.6],
      [1, 0.8, 0.3, 0.3, 0.9, 0.6],
    ]);
  });

  test('a class that the card does not name is not passed over', async (t) => {
    const model = fixed(listed, [
      boxes,
      scores,
      { ...classes, data: [7, 0, 0] },
      { name: 'count', dims: [1], data: [2] },
    ]);
    await assert.rejects(decodeTrial(t, model), { code: 'E_MODEL_CARD', message: /class 7/ });
  });
});
