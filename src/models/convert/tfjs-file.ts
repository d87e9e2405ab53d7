import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { conversionError } from './failure.ts';
import { elements } from './tensor.ts';

/**
 * Attribute values of a TensorFlow node, as far as the operators here use them; strings are base64 or bytes.
 */
const attributeSchema = z.object({
  s: z.union([z.string(), z.array(z.number())]).optional(),
  f: z.number().optional(),
  i: z.union([z.string(), z.number()]).optional(),
  b: z.boolean().optional(),
  list: z.object({ i: z.array(z.union([z.string(), z.number()])).optional() }).optional(),
});

const nodeSchema = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), attributeSchema).default({}),
});
export type TfjsNode = z.infer<typeof nodeSchema>;

const fileSchema = z.object({
  modelTopology: z.object({ node: z.array(nodeSchema) }),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.int().min(0)),
          dtype: z.enum(['float32', 'int32']),
        }),
      ),
    }),
  ),
});

export interface TfjsConstant {
  readonly dims: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** A TensorFlow.js graph model: nodes by name, and the values of its constants. */
export interface TfjsGraph {
  readonly nodes: ReadonlyMap<string, TfjsNode>;
  readonly constants: ReadonlyMap<string, TfjsConstant>;
}

/**
 * Reads `model.json` and the weight shards beside it (tensorflow.org/js, "graph model" format, weights not
 * quantised).
 * @throws TidewaiterError `E_MODEL_CONVERT` when the file is not such a model or a shard is short.
 */
export async function readTfjs(path: string): Promise<TfjsGraph> {
  const parsed = fileSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success)
    throw conversionError(`${path} is not a TensorFlow.js graph model`, { cause: parsed.error });
  const constants = new Map<string, TfjsConstant>();
  for (const group of parsed.data.weightsManifest) {
    const shards = await Promise.all(group.paths.map((shard) => readFile(join(dirname(path), shard))));
    const bytes = Buffer.concat(shards);
    let offset = bytes.byteOffset;
    for (const { name, shape, dtype } of group.weights) {
      const length = elements(shape);
      if (offset - bytes.byteOffset + length * 4 > bytes.byteLength)
        throw conversionError(`weights end before ${name}`);
      const Values = dtype === 'float32' ? Float32Array : Int32Array;
      constants.set(name, { dims: shape, data: new Values(bytes.buffer.slice(offset, offset + length * 4)) });
      offset += length * 4;
    }
  }
  return { nodes: new Map(parsed.data.modelTopology.node.map((node) => [node.name, node])), constants };
}
