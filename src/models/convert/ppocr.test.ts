import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type * as Ort from 'onnxruntime-node';
import { blankPicture } from '../../scenes/draw/picture.ts';
import { drawText } from '../../scenes/draw/text-render.ts';
import { ppocrDetection, ppocrRecognition } from '../builtin/text.ts';
import { sourceFile } from '../cache.ts';
import { convertPpocr } from './ppocr.ts';
import type { BuiltInModel } from '../built-in.ts';
import { loadRuntime } from '../runtime.ts';

const ort = await loadRuntime();

const TEXT = 'TIDE 4711';

/** Black text on white, as the card's input wants it. */
async function page(
  model: BuiltInModel,
  width: number,
  height: number,
  capital: number,
): Promise<Ort.Tensor> {
  const picture = blankPicture(width, height);
  picture.data.fill(255);
  await drawText(picture, TEXT, { x: 6, y: (height - capital) / 2, height: capital }, [0, 0, 0]);
  const { scale, mean, std } = model.card.input;
  const plane = width * height;
  const data = new Float32Array(3 * plane);
  for (let index = 0; index < data.length; index++) {
    const channel = Math.floor(index / plane);
    const byte = picture.data[(index % plane) * 4] ?? 0;
    data[index] = (byte * scale - (mean[channel] ?? 0)) / (std[channel] ?? 1);
  }
  return new ort.Tensor('float32', data, [1, 3, height, width]);
}

async function run(
  bytes: Uint8Array,
  x: Ort.Tensor,
): Promise<{ data: Float32Array; dims: readonly number[] }> {
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const [result] = Object.values(await session.run({ x }));
  await session.release();
  return { data: result?.data as Float32Array, dims: result?.dims ?? [] };
}

async function bothForms(model: BuiltInModel, x: Ort.Tensor) {
  const path = sourceFile(model);
  const [original, converted] = [await run(await readFile(path), x), await run(await convertPpocr(path), x)];
  assert.deepEqual(converted.dims, original.dims);
  const difference = converted.data.reduce(
    (top, value, at) => Math.max(top, Math.abs(value - original.data[at]!)),
    0,
  );
  return { converted, difference };
}

test('the converted detector gives the map of the original', async () => {
  for (const [width, height] of [
    [224, 64],
    [160, 96],
  ] as const) {
    const { converted, difference } = await bothForms(
      ppocrDetection,
      await page(ppocrDetection, width, height, 24),
    );
    assert.deepEqual(converted.dims, [1, 1, height, width]);
    assert.ok(Math.max(...converted.data) > 0.8, 'there is text to find');
    assert.ok(difference < 1e-3, `differs by ${difference}`);
  }
});

test('the converted recogniser gives the probabilities of the original, and reads', async () => {
  const { converted, difference } = await bothForms(
    ppocrRecognition,
    await page(ppocrRecognition, 256, 48, 30),
  );
  assert.ok(difference < 1e-3, `differs by ${difference}`);
  const keys = (await readFile(sourceFile(ppocrRecognition, 'assets/ppocr_keys_v1.txt'), 'utf8')).split('\n');
  const [, steps = 0, classes = 0] = converted.dims;
  let text = '';
  let previous = 0;
  for (let step = 0; step < steps; step++) {
    const row = converted.data.subarray(step * classes, (step + 1) * classes);
    const best = row.indexOf(Math.max(...row));
    if (best !== 0 && best !== previous) text += keys[best - 1] ?? '';
    previous = best;
  }
  assert.equal(text.replaceAll(' ', ''), TEXT.replaceAll(' ', ''));
});

test('no pattern of the detector was overlooked', async () => {
  const text = Buffer.from(await convertPpocr(sourceFile(ppocrDetection))).toString('latin1');
  for (const op of ['Div', 'ConvTranspose', 'hardswish']) assert.ok(!text.includes(op), op);
});
