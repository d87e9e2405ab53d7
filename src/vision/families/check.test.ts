import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeTrial, fixed } from '../../../test/user-model.ts';

const card = {
  family: 'ssd-boxes',
  input: { width: 64, height: 32 },
  outputs: { boxes: 'b', scores: 's' },
  classes: ['person', 'car'],
} as const;
const boxes = { name: 'b', dims: [1, 3, 4], data: [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1] };
const scores = { name: 's', dims: [1, 3, 2], data: [0.9, 0, 0, 0, 0, 0] };

describe('a model that does not fit its card', () => {
  test('fits', async (t) => {
    assert.equal((await decodeTrial(t, fixed(card, [boxes, scores]))).length, 1);
  });

  test('another number of classes', async (t) => {
    const model = fixed({ ...card, classes: ['person'] }, [boxes, scores]);
    const message =
      /tensor s \(scores\) should be \[1, 3, 1\] for an input of 64x32, came \[1, 3, 2\] with 6 values/;
    await assert.rejects(decodeTrial(t, model), { code: 'E_MODEL_TENSOR', message });
  });

  test('tensors whose lengths do not go together', async (t) => {
    const model = fixed(card, [boxes, { name: 's', dims: [1, 2, 2], data: [0.9, 0, 0, 0] }]);
    const message = /tensor s \(scores\) should be \[1, 3, 2\] .*came \[1, 2, 2\]/;
    await assert.rejects(decodeTrial(t, model), { code: 'E_MODEL_TENSOR', message });
  });

  test('another number of dimensions', async (t) => {
    const model = fixed(card, [{ ...boxes, dims: [3, 4] }, scores]);
    const message = /tensor b \(boxes\) should be \[1, N, 4\] or \[1, N, 1, 4\] .*came \[3, 4\]/;
    await assert.rejects(decodeTrial(t, model), { code: 'E_MODEL_TENSOR', message });
  });

  test('a role that is missing, and one that the family does not have', async (t) => {
    const missing = fixed({ ...card, outputs: { boxes: 'b' } }, [boxes, scores]);
    await assert.rejects(decodeTrial(t, missing), {
      code: 'E_MODEL_TENSOR',
      message: /no tensor for scores/,
    });
    const unknown = fixed({ ...card, outputs: { boxes: 'b', scores: 's', masks: 's' } }, [boxes, scores]);
    await assert.rejects(decodeTrial(t, unknown), {
      code: 'E_MODEL_TENSOR',
      message: /masks.*boxes, scores/,
    });
  });

  test('parameters that the family does not have', async (t) => {
    const model = fixed({ ...card, parameters: { order: 'zyx' } }, [boxes, scores]);
    await assert.rejects(decodeTrial(t, model), { code: 'E_MODEL_CARD', message: /parameters\.order/ });
  });

  test('a face family with several classes, and a text family as a detector', async (t) => {
    const outputs = { regressors: 'b', logits: 's' };
    const faces = fixed({ ...card, family: 'blazeface', outputs }, [boxes, scores]);
    await assert.rejects(decodeTrial(t, faces), { code: 'E_MODEL_CARD', message: /one class.*has 2/ });
    const text = fixed({ ...card, family: 'db-text', outputs: { map: 's' } }, [boxes, scores]);
    await assert.rejects(decodeTrial(t, text), { code: 'E_MODEL_CARD', message: /does not find objects/ });
  });
});

describe('a model that computes nonsense is not taken for an empty picture', () => {
  const families = [
    ['ssd-boxes', { boxes: [1, 1, 4], scores: [1, 1, 1] }, {}],
    ['ssd-anchors', { boxes: [1, 1, 4], scores: [1, 1, 1] }, { anchors: [[0.5, 0.5, 1, 1]] }],
    ['yolo-v5', { predictions: [1, 1, 6] }, {}],
    ['yolo-v8', { predictions: [1, 5, 1] }, {}],
    ['detr', { logits: [1, 1, 2], boxes: [1, 1, 4] }, {}],
    ['blazeface', { logits: [1, 1, 1], regressors: [1, 1, 16] }, { grids: [[1, 1]] }],
    ['centerface', { heatmap: [1, 1, 8, 16], scale: [1, 2, 8, 16], offset: [1, 2, 8, 16] }, {}],
  ] as const;
  const strided = [8, 16, 32].map((stride) => [stride, 32 / stride, 64 / stride] as const);
  const yunet = strided.flatMap(([stride, rows, columns]) =>
    Object.entries({ cls: 1, obj: 1, bbox: 4, kps: 10 }).map(
      ([role, length]) => [`${role}${stride}`, [1, rows * columns, length]] as const,
    ),
  );
  const retinaface = strided.flatMap(([stride, rows, columns]) =>
    Object.entries({ prob: 4, bbox: 8 }).map(
      ([role, channels]) => [`${role}${stride}`, [1, channels, rows, columns]] as const,
    ),
  );
  const all = [
    ...families,
    ['yunet', Object.fromEntries(yunet), {}],
    ['retinaface', Object.fromEntries(retinaface), {}],
  ] as const;
  for (const [family, shapes, parameters] of all) {
    test(family, async (t) => {
      const tensors = Object.entries<readonly number[]>(shapes).map(([name, dims]) => {
        const length = dims.reduce((product, side) => product * side, 1);
        return { name, dims, data: new Float32Array(length).fill(Number.NaN) };
      });
      const outputs = Object.fromEntries(tensors.map(({ name }) => [name, name]));
      const model = fixed({ ...card, family, classes: ['face'], outputs, parameters }, tensors);
      await assert.rejects(decodeTrial(t, model), { code: 'E_MODEL_VALUES' });
    });
  }
});
