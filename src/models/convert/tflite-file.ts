import { FlatTable } from './flatbuffer.ts';
import { conversionError } from './failure.ts';
import { elements } from './tensor.ts';

/** Field numbers, operator codes and element types are those of TensorFlow Lite's `schema.fbs`, version 3. */
const operators: Record<number, string> = {
  0: 'ADD',
  2: 'CONCATENATION',
  3: 'CONV_2D',
  4: 'DEPTHWISE_CONV_2D',
  6: 'DEQUANTIZE',
  17: 'MAX_POOL_2D',
  19: 'RELU',
  21: 'RELU6',
  22: 'RESHAPE',
  23: 'RESIZE_BILINEAR',
  34: 'PAD',
};

export interface TfliteTensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** Present for constants; float16 is widened. */
  readonly data: Float32Array | Int32Array | undefined;
}

export interface TfliteOperator {
  readonly op: string;
  /** Index of tensors; -1 where an optional input is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: FlatTable | undefined;
}

export interface TfliteGraph {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * Reads the first subgraph of a TensorFlow Lite file.
 * @throws TidewaiterError `E_MODEL_CONVERT`; RangeError when the file is cut short.
 */
export function readTflite(bytes: Uint8Array): TfliteGraph {
  const identifier = new TextDecoder().decode(bytes.subarray(4, 8));
  if (identifier !== 'TFL3') throw conversionError('the file is not a TensorFlow Lite model');
  const model = FlatTable.root(bytes);
  const codes = model.tables(1).map((code) => Math.max(code.int8(0), code.int32(3)));
  const buffers = model.tables(4).map((buffer) => buffer.bytes(0));
  const [graph] = model.tables(2);
  if (graph === undefined) throw conversionError('the file has no graph');
  return {
    tensors: graph.tables(0).map((tensor) => readTensor(tensor, buffers)),
    inputs: graph.int32s(1),
    outputs: graph.int32s(2),
    operators: graph.tables(3).map((operator) => {
      const code = codes[operator.int32(0)] ?? -1;
      const op = operators[code] ?? `code ${code}`;
      return { op, inputs: operator.int32s(1), outputs: operator.int32s(2), options: operator.table(4) };
    }),
  };
}

function readTensor(tensor: FlatTable, buffers: readonly Uint8Array[]): TfliteTensor {
  const name = tensor.string(3);
  const dims = tensor.int32s(0);
  const bytes = buffers[tensor.int32(2)] ?? new Uint8Array(0);
  if (bytes.length === 0) return { name, dims, data: undefined };
  return { name, dims, data: constantOf(tensor.int8(1), bytes, elements(dims), name) };
}

function constantOf(
  type: number,
  bytes: Uint8Array,
  length: number,
  name: string,
): Float32Array | Int32Array {
  const copy = bytes.slice().buffer;
  switch (type) {
    case 0:
      return new Float32Array(copy, 0, length);
    case 1:
      return Float32Array.from(new Uint16Array(copy, 0, length), halfToFloat);
    case 2:
      return new Int32Array(copy, 0, length);
    default:
      throw conversionError(`constant ${name} has element type ${type}`);
  }
}

/** IEEE 754 binary16 to a number. */
function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
