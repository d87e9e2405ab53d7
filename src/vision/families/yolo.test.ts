import { describe, test } from 'node:test';
import { assertDetections, decodeTrial, filled, fixed } from '../../../test/user-model.ts';

const input = { width: 64, height: 32 };
const outputs = { predictions: 'output0' };
const classes = ['person', 'car', 'dog'];

describe('yolo-v5', () => {
  const data = [
    ...[32, 16, 16, 8, 0.8, 0.1, 0.9, 0.2], // car .72
    ...[8, 8, 16, 16, 0.9, 0.3, 0.3, 0.3], // nothing reaches .5
    ...[8, 8, 16, 16, 0.4, 1, 1, 1], // objectness too low
    ...[16, 24, 32, 8, 1, 0.6, 0.55, 0.5], // person .6
  ];
  const model = fixed({ family: 'yolo-v5', input, outputs, classes }, [
    { name: 'output0', dims: [1, 4, 8], data },
  ]);

  test('rows of box, objectness and classes', async (t) => {
    assertDetections(await decodeTrial(t, model), [
      [1, 0.72, 0.375, 0.375, 0.625, 0.625],
      [0, 0.6, 0, 0.625, 0.5, 0.875],
    ]);
  });

  test('only the wanted classes compete', async (t) => {
    assertDetections(await decodeTrial(t, model, { classes: [1, 2] }), [
      [1, 0.72, 0.375, 0.375, 0.625, 0.625],
      [1, 0.55, 0, 0.625, 0.5, 0.875],
    ]);
  });
});

describe('yolo-v8', () => {
  // Columns: car .7 in the middle, nothing, dog .9 over person .6.
  const data = [
    ...[32, 0, 16], // centre x
    ...[16, 0, 24], // centre y
    ...[16, 0, 32], // width
    ...[8, 0, 8], // height
    ...[0.2, 0.1, 0.6], // person
    ...[0.7, 0.3, 0], // car
    ...[0, 0, 0.9], // dog
  ];
  const model = fixed({ family: 'yolo-v8', input, outputs, classes }, [
    { name: 'output0', dims: [1, 7, 3], data },
  ]);

  test('a row for each number, a column for each candidate', async (t) => {
    assertDetections(await decodeTrial(t, model), [
      [1, 0.7, 0.375, 0.375, 0.625, 0.625],
      [2, 0.9, 0, 0.625, 0.5, 0.875],
    ]);
    assertDetections(await decodeTrial(t, model, { classes: [0] }), [[0, 0.6, 0, 0.625, 0.5, 0.875]]);
  });

  test('unused classes are passed over', async (t) => {
    const unnamed = fixed({ family: 'yolo-v8', input, outputs, classes: ['person', 'car', ''] }, [
      { name: 'output0', dims: [1, 7, 3], data },
    ]);
    assertDetections(await decodeTrial(t, unnamed, { threshold: 0.65 }), [
      [1, 0.7, 0.375, 0.375, 0.625, 0.625],
    ]);
  });

  test('8400 candidates of 80 classes', async (t) => {
    const many = filled(84 * 8400, 0, {
      [8399]: 63,
      [8400 + 8399]: 31,
      [2 * 8400 + 8399]: 2,
      [3 * 8400 + 8399]: 2,
      [83 * 8400 + 8399]: 0.75,
    });
    const wide = fixed(
      { family: 'yolo-v8', input, outputs, classes: Array.from({ length: 80 }, (_, k) => `c${k}`) },
      [{ name: 'output0', dims: [1, 84, 8400], data: many }],
    );
    assertDetections(await decodeTrial(t, wide), [[79, 0.75, 62 / 64, 30 / 32, 1, 1]]);
  });
});
