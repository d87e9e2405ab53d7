import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { elements, floats, type FloatTensor } from '../../../src/models/convert/tensor.ts';

const manifestSchema = z.array(
  z.object({
    paths: z.array(z.string()),
    weights: z.array(
      z.object({
        name: z.string(),
        shape: z.array(z.int().min(1)),
        dtype: z.literal('float32'),
        quantization: z.object({ dtype: z.literal('uint8'), scale: z.number(), min: z.number() }).optional(),
      }),
    ),
  }),
);

/**
 * Reads a TensorFlow.js weights manifest and the files beside it: floats by name, or bytes that stand for
 * `scale * byte + min`.
 * @throws Error when a file is shorter than its manifest says.
 */
export async function readWeights(manifest: string): Promise<ReadonlyMap<string, FloatTensor>> {
  const groups = manifestSchema.parse(JSON.parse(await readFile(manifest, 'utf8')));
  const weights = new Map<string, FloatTensor>();
  for (const { paths, weights: entries } of groups) {
    const bytes = Buffer.concat(
      await Promise.all(paths.map((path) => readFile(join(dirname(manifest), path)))),
    );
    let at = 0;
    for (const { name, shape, quantization } of entries) {
      const length = elements(shape) * (quantization === undefined ? 4 : 1);
      if (at + length > bytes.length) throw new Error(`the weights end before ${name}`);
      const own = Uint8Array.from(bytes.subarray(at, at + length));
      const data =
        quantization === undefined
          ? new Float32Array(own.buffer)
          : Float32Array.from(own, (byte) => quantization.scale * byte + quantization.min);
      weights.set(name, floats(shape, data));
      at += length;
    }
  }
  return weights;
}
