import { encodeOnnx } from '../src/models/convert/onnx-file.ts';
import { floats } from '../src/models/convert/tensor.ts';
import type { OnnxPort } from '../src/models/convert/onnx-file.ts';

export { encodeOnnx } from '../src/models/convert/onnx-file.ts';
export { floats, integers } from '../src/models/convert/tensor.ts';
export type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxPort } from '../src/models/convert/onnx-file.ts';
export type { Tensor } from '../src/models/convert/tensor.ts';

/** An output that has the same values whatever the input is. */
export interface FixedOutput {
  readonly name: string;
  readonly dims: readonly number[];
  /** Row-major. */
  readonly data: ArrayLike<number>;
}

/** The bytes of an ONNX model that answers every picture with the given tensors: a known truth for a decoder. */
export function fixedModel(input: OnnxPort, outputs: readonly FixedOutput[]): Uint8Array {
  return encodeOnnx({
    inputs: [input],
    outputs: outputs.map(({ name, dims }) => ({ name, dims })),
    constants: Object.fromEntries(
      outputs.map(({ name, dims, data }) => [`${name}_value`, floats(dims, data)]),
    ),
    nodes: outputs.map(({ name }) => ({ op: 'Identity', inputs: [`${name}_value`], outputs: [name] })),
  });
}
