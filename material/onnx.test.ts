import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeOnnx, fixedModel, floats, integers } from './onnx.ts';
import { loadRuntime } from '../src/models/runtime.ts';

const ort = await loadRuntime();

test('a graph of nodes, constants and attributes runs in ONNX Runtime', async () => {
  const bytes = encodeOnnx({
    inputs: [{ name: 'x', dims: [1, 1, 'h', 2] }],
    outputs: [{ name: 'y', dims: [1, 'n'] }],
    constants: {
      weights: floats([1, 1, 1, 1], [3]),
      flat: integers([1, -1]),
    },
    nodes: [
      {
        op: 'Conv',
        inputs: ['x', 'weights'],
        outputs: ['tripled'],
        attributes: { strides: [1, 1], group: 1 },
      },
      { op: 'LeakyRelu', inputs: ['tripled'], outputs: ['bent'], attributes: { alpha: { float: 0.5 } } },
      { op: 'Reshape', inputs: ['bent', 'flat'], outputs: ['y'] },
    ],
  });
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const { y } = await session.run({ x: new ort.Tensor('float32', [1, 2, -4, 5], [1, 1, 2, 2]) });
  assert.deepEqual(y?.dims, [1, 4]);
  assert.deepEqual([...(y?.data as Float32Array)], [3, 6, -6, 15]);
  await session.release();
});

test('a fixed model answers with its tensors whatever it is shown', async () => {
  const bytes = fixedModel({ name: 'image', dims: [1, 3, 8, 8] }, [
    { name: 'boxes', dims: [1, 2, 4], data: [0, 1, 2, 3, 4, 5, 6, 7] },
    { name: 'scores', dims: [1, 2], data: [0.25, 0.5] },
  ]);
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const result = await session.run({ image: new ort.Tensor('float32', new Float32Array(192), [1, 3, 8, 8]) });
  assert.deepEqual([...(result['boxes']?.data as Float32Array)], [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual([...(result['scores']?.data as Float32Array)], [0.25, 0.5]);
  await session.release();
});
