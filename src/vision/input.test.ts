import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { modelInputSchema } from '../models/card.ts';
import type { ModelCard, ModelInput } from '../models/index.ts';
import { checkImage, fitCrop, inputDims, inputWriter } from './input.ts';

function modelInput(fields: Record<string, unknown>): ModelInput {
  return modelInputSchema.parse({
    name: 'x',
    width: 8,
    height: 8,
    layout: 'NCHW',
    channels: 'RGB',
    ...fields,
  });
}

/** 2 x 1 pixels: (0, 51, 102) and (153, 204, 255). */
const image = { width: 2, height: 1, data: Uint8Array.of(0, 51, 102, 153, 204, 255) };

function written(fields: Record<string, unknown>): number[] {
  const input = modelInput(fields);
  const target = new Float32Array(inputDims(input, image).reduce((product, side) => product * side, 1));
  inputWriter(input)(image, target);
  return [...target].map((value) => Math.round(value * 1e5) / 1e5);
}

describe('inputWriter', () => {
  test('layouts and channel orders', () => {
    assert.deepEqual(written({ layout: 'NHWC' }), [0, 0.2, 0.4, 0.6, 0.8, 1]);
    assert.deepEqual(written({ layout: 'NHWC', channels: 'BGR' }), [0.4, 0.2, 0, 1, 0.8, 0.6]);
    assert.deepEqual(written({}), [0, 0.6, 0.2, 0.8, 0.4, 1]);
    assert.deepEqual(written({ channels: 'BGR' }), [0.4, 1, 0.2, 0.8, 0, 0.6]);
  });

  test('scale, mean and deviation go with the channels of the tensor', () => {
    const fields = { channels: 'BGR', mean: [0.4, 0.2, 0.1], std: [0.5, 0.25, 2] };
    assert.deepEqual(written(fields), [0, 1.2, 0, 2.4, -0.05, 0.25]);
    assert.deepEqual(written({ scale: 1, mean: [51], std: [51] }), [-1, 2, 0, 3, 1, 4]);
  });

  test('grey is BT.601 luma', () => {
    // .587 * 51 + .114 * 102 = 41.6 and .299 * 153 + .587 * 204 + .114 * 255 = 194.6
    assert.deepEqual(written({ channels: 'GRAY', scale: 1 }), [42, 195]);
    assert.deepEqual(inputDims(modelInput({ channels: 'GRAY' }), image), [1, 1, 1, 2]);
    assert.deepEqual(inputDims(modelInput({ layout: 'NHWC' }), image), [1, 1, 2, 3]);
  });

  test('leaves the rest of a larger memory alone', () => {
    const memory = new Float32Array(10).fill(7);
    inputWriter(modelInput({}))(image, memory.subarray(2, 8));
    assert.deepEqual([memory[1], memory[2], memory[8]], [7, 0, 7]);
  });
});

describe('checkImage', () => {
  const card = (fields: Record<string, unknown>): ModelCard =>
    ({ id: 'trial', input: modelInput(fields) }) as unknown as ModelCard;
  const picture = (width: number, height: number) => ({
    width,
    height,
    data: new Uint8Array(width * height * 3),
  });

  test('size, multiple and number of bytes', () => {
    checkImage(card({}), picture(8, 8));
    checkImage(card({ dynamic: true, multiple: 4 }), picture(12, 4));
    const refused: [ModelCard, ReturnType<typeof picture>, RegExp][] = [
      [card({}), picture(8, 9), /8x9 does not fit model trial/],
      [card({ dynamic: true, multiple: 4 }), picture(10, 4), /10x4 does not fit/],
      [card({ dynamic: true }), picture(0, 4), /0x4 does not fit/],
      [card({}), { ...picture(8, 8), data: new Uint8Array(8 * 8 * 4) }, /came with 256 bytes/],
    ];
    for (const [model, image, message] of refused) {
      assert.throws(() => checkImage(model, image), { code: 'E_MODEL_INPUT', message });
    }
  });
});

describe('fitCrop', () => {
  const crop = { x: 100, y: 50, width: 400, height: 200 };
  const inner = { left: 0.25, top: 0.5, right: 0.5, bottom: 0.75 };

  test('stretch fills the input', () => {
    const fit = fitCrop(modelInput({ width: 192, height: 192 }), crop);
    assert.deepEqual([fit.x, fit.y, fit.width, fit.height], [0, 0, 192, 192]);
    assert.deepEqual(fit.toCrop(inner), inner);
    assert.deepEqual(fit.toPicture(inner), { x: 200, y: 150, width: 100, height: 50 });
  });

  test('letterbox keeps proportions, centred', () => {
    const fit = fitCrop(modelInput({ width: 192, height: 192, fit: 'letterbox' }), crop);
    assert.deepEqual([fit.x, fit.y, fit.width, fit.height], [0, 48, 192, 96]);
    assert.deepEqual(fit.toCrop(inner), { left: 0.25, top: 0.5, right: 0.5, bottom: 1 });
    assert.deepEqual(fit.toPicture(inner), { x: 200, y: 150, width: 100, height: 100 });
    assert.deepEqual(fit.pointsToPicture([0.5, 0.5, 0, 0.25]), [300, 150, 100, 50]);
    const upright = fitCrop(modelInput({ width: 192, height: 96, fit: 'letterbox' }), {
      ...crop,
      width: 100,
    });
    assert.deepEqual([upright.x, upright.y, upright.width, upright.height], [72, 0, 48, 96]);
  });

  test('rounding to whole pixels does not move what is found', () => {
    const odd = { x: 3, y: 5, width: 333, height: 77 };
    const fit = fitCrop(modelInput({ fit: 'letterbox' }), odd, { width: 64, height: 64 });
    const all = {
      left: fit.x / 64,
      top: fit.y / 64,
      right: (fit.x + fit.width) / 64,
      bottom: (fit.y + fit.height) / 64,
    };
    const back = fit.toPicture(all);
    for (const side of ['x', 'y', 'width', 'height'] as const)
      assert.ok(Math.abs(back[side] - odd[side]) < 1e-9);
    assert.equal(fitCrop(modelInput({ fit: 'letterbox' }), { ...odd, height: 1 }).height, 1);
  });
});
