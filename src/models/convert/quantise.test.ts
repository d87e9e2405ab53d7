import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import onnxProto from 'onnx-proto';
import type * as Ort from 'onnxruntime-node';
import sharp from 'sharp';
import { TidewaiterError } from '../../core/errors.ts';
import { blankPicture } from '../../scenes/draw/picture.ts';
import { drawText } from '../../scenes/draw/text-render.ts';
import { cocoSsdlite } from '../builtin/coco.ts';
import { ppocrDetection } from '../builtin/text.ts';
import { cocoSsdliteInt8, ppocrDetectionInt8 } from '../builtin/whole-numbers.ts';
import { builtInBytes } from '../cache.ts';
import { packageFile } from '../package-file.ts';
import type { BuiltInModel } from '../built-in.ts';
import { encodeOnnx } from './onnx-file.ts';
import { type Quantisation, quantised } from './quantise.ts';
import { floats } from './tensor.ts';
import { loadRuntime } from '../runtime.ts';

const ort = await loadRuntime();

const cacheDir = mkdtempSync(join(tmpdir(), 'tidewaiter-quantise-'));
process.on('exit', () => rmSync(cacheDir, { recursive: true, force: true }));

async function answer(bytes: Uint8Array, feed: Ort.Tensor): Promise<Record<string, Float32Array>> {
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const results = await session.run({ [session.inputNames[0] ?? '']: feed });
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
}

/** How often ONNX Runtime runs each operator after it joined what it can. */
async function operators(bytes: Uint8Array): Promise<Map<string, number>> {
  const path = join(cacheDir, 'optimised.onnx');
  const options = { graphOptimizationLevel: 'all', optimizedModelFilePath: path } as const;
  const session = await ort.InferenceSession.create(bytes, options);
  await session.release();
  const counts = new Map<string, number>();
  for (const { opType = '' } of onnxProto.onnx.ModelProto.decode(readFileSync(path)).graph?.node ?? [])
    counts.set(opType ?? '', (counts.get(opType ?? '') ?? 0) + 1);
  return counts;
}

function tensor(
  { card: { input } }: BuiltInModel,
  rgb: Uint8Array,
  width: number,
  height: number,
): Ort.Tensor {
  const plane = width * height;
  const order = input.channels === 'BGR' ? [2, 1, 0] : [0, 1, 2];
  const data = Float32Array.from({ length: 3 * plane }, (_, index) => {
    const channel = Math.floor(index / plane);
    const byte = rgb[(index % plane) * 3 + (order[channel] ?? 0)] ?? 0;
    return (byte * input.scale - (input.mean[channel] ?? 0)) / (input.std[channel] ?? 1);
  });
  return new ort.Tensor('float32', data, [1, 3, height, width]);
}

describe('a small network in whole numbers', () => {
  // Two channels of very different sizes, a bound, and a sum of both branches.
  const bytes = encodeOnnx({
    inputs: [{ name: 'x', dims: [1, 2, 4, 4] }],
    outputs: [{ name: 'y', dims: [1, 2, 4, 4] }],
    constants: {
      wide: floats([2, 2, 1, 1], [1, -0.5, 0.02, 0.01]),
      wideBias: floats([2], [0.25, -0.01]),
      last: floats([2, 2, 1, 1], [1, 0, 0, 1]),
      lastBias: floats([2], [0, 0]),
    },
    nodes: [
      { op: 'Conv', inputs: ['x', 'wide', 'wideBias'], outputs: ['c'], attributes: { kernel_shape: [1, 1] } },
      { op: 'Relu', inputs: ['c'], outputs: ['r'] },
      { op: 'Add', inputs: ['r', 'x'], outputs: ['s'] },
      { op: 'Conv', inputs: ['s', 'last', 'lastBias'], outputs: ['y'], attributes: { kernel_shape: [1, 1] } },
    ],
  });
  const ranges: Quantisation['ranges'] = { x: [-1, 1], c: [-1.3, 1.8], r: [0, 1.8], s: [-1, 2.8] };
  const x = new ort.Tensor(
    'float32',
    Float32Array.from({ length: 32 }, (_, at) => Math.sin(at)),
    [1, 2, 4, 4],
  );

  test('answers as in floating point, but for half a step of each tensor on the way', async () => {
    const [exact, whole] = [await answer(bytes, x), await answer(quantised(bytes, { ranges, float: [] }), x)];
    // Half a step of x, once through weights of 1.5 together and once straight, and half a step of r and of s.
    const bound = (2 / 255 / 2) * 2.5 + 1.8 / 255 / 2 + 3.8 / 255 / 2 + 0.01;
    exact['y']?.forEach((value, at) => {
      const other = whole['y']?.[at] ?? NaN;
      assert.ok(Math.abs(value - other) <= bound, `${value} is ${other}`);
    });
    assert.notDeepEqual(exact['y'], whole['y'], 'it is rounded');
  });

  test('what reaches beyond a range is cut off at its end', async () => {
    const narrow: Quantisation['ranges'] = { ...ranges, s: [-1, 1] };
    const whole = await answer(quantised(bytes, { ranges: narrow, float: [] }), x);
    const top = Math.max(...(whole['y'] ?? []));
    assert.ok(top > 0.9 && top < 1.01, `${top}`);
  });

  test('nodes that are to stay in floating point do', async () => {
    const counts = await operators(quantised(bytes, { ranges, float: ['s'] }));
    assert.equal(counts.get('QLinearConv'), 1);
    assert.equal(counts.get('QLinearAdd'), undefined);
  });

  test('always gets the same bytes', () => {
    assert.deepEqual(quantised(bytes, { ranges, float: [] }), quantised(bytes, { ranges, float: [] }));
  });

  test('ranges of another network are refused', () => {
    for (const other of [
      { ranges: { ...ranges, z: [0, 1] as [number, number] }, float: [] },
      { ranges, float: ['z'] },
    ]) {
      assert.throws(
        () => quantised(bytes, other),
        (error: unknown) =>
          error instanceof TidewaiterError &&
          error.code === 'E_MODEL_CONVERT' &&
          /tensor z/.test(error.message),
      );
    }
  });
});

describe('built-in networks in whole numbers', () => {
  test('ONNX Runtime computes nearly all of them so', async () => {
    for (const [model, least] of [
      [cocoSsdliteInt8, 70],
      [ppocrDetectionInt8, 80],
    ] as const) {
      const counts = await operators(await builtInBytes(model, cacheDir));
      assert.ok((counts.get('QLinearConv') ?? 0) >= least, `${model.card.id}: ${counts.get('QLinearConv')}`);
    }
  });

  test('persons are found where they are found in floating point', async () => {
    const path = packageFile('@vladmandic/face-api', 'demo/sample1.jpg') ?? '';
    const rgb = await sharp(path).resize(300, 300, { fit: 'fill' }).removeAlpha().raw().toBuffer();
    const feed = tensor(cocoSsdlite, rgb, 300, 300);
    const [exact, whole] = [
      await answer(await builtInBytes(cocoSsdlite, cacheDir), feed),
      await answer(await builtInBytes(cocoSsdliteInt8, cacheDir), feed),
    ];
    const persons = (scores: Float32Array | undefined): number[] =>
      Array.from({ length: 1917 }, (_, anchor) => 1 / (1 + Math.exp(-(scores?.[anchor * 16] ?? NaN))));
    const [expected, got] = [persons(exact['scores']), persons(whole['scores'])];
    const sure = expected.flatMap((score, anchor) => (score > 0.6 ? [anchor] : []));
    assert.ok(sure.length > 0);
    for (const anchor of sure) {
      assert.ok(
        (got[anchor] ?? 0) > cocoSsdlite.card.threshold,
        `anchor ${anchor}: ${expected[anchor]}, ${got[anchor]}`,
      );
      for (let side = 0; side < 4; side++) {
        const off =
          (whole['boxes']?.[anchor * 4 + side] ?? NaN) - (exact['boxes']?.[anchor * 4 + side] ?? NaN);
        // Encodings are tenths and fifths of an anchor's size.
        assert.ok(Math.abs(off) < 0.8, `anchor ${anchor}, side ${side}: ${off}`);
      }
    }
  });

  test('text is marked where it is marked in floating point', async () => {
    const [width, height] = [320, 96];
    const page = blankPicture(width, height);
    page.data.fill(255);
    await drawText(page, 'TIDE 4711', { x: 20, y: 34, height: 28 }, [0, 0, 0]);
    const rgb = Uint8Array.from(
      { length: width * height * 3 },
      (_, at) => page.data[Math.floor(at / 3) * 4 + (at % 3)] ?? 0,
    );
    const feed = tensor(ppocrDetection, rgb, width, height);
    const marked = async (model: BuiltInModel): Promise<boolean[]> => {
      const [map] = Object.values(await answer(await builtInBytes(model, cacheDir), feed));
      return Array.from(map ?? [], (value) => value > 0.3);
    };
    const [exact, whole] = [await marked(ppocrDetection), await marked(ppocrDetectionInt8)];
    const both = exact.filter((is, at) => is && whole[at]).length;
    const either = exact.filter((is, at) => is || whole[at]).length;
    assert.ok(either > 500 && both / either > 0.85, `${both} of ${either}`);
  });
});
