import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodeOnnx, floats } from '../../../material/onnx.ts';
import { withSymbolicSize } from './symbolic-size.ts';
import { loadRuntime } from '../runtime.ts';

const ort = await loadRuntime();

test('a network of convolutions that was stored with one size takes others', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tidewaiter-size-'));
  const path = join(dir, 'fixed.onnx');
  const fixed = encodeOnnx({
    inputs: [{ name: 'data', dims: [1, 3, 32, 32] }],
    outputs: [{ name: 'map', dims: [1, 1, 16, 16] }],
    constants: { kernel: floats([1, 3, 2, 2], new Float32Array(12).fill(1)) },
    nodes: [{ op: 'Conv', inputs: ['data', 'kernel'], outputs: ['map'], attributes: { strides: [2, 2] } }],
  });
  await writeFile(path, fixed);
  const session = await ort.InferenceSession.create(await withSymbolicSize(path), { intraOpNumThreads: 1 });
  const data = new ort.Tensor('float32', new Float32Array(3 * 8 * 64).fill(1), [1, 3, 8, 64]);
  const { map } = await session.run({ data });
  assert.deepEqual(map?.dims, [1, 1, 4, 32]);
  assert.ok((map.data as Float32Array).every((value) => value === 12));
  await session.release();
  await rm(dir, { recursive: true });
});
