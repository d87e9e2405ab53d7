import { concat, conv, input, maxPool, pad, relu, relu6, reshape, resizeBilinear, sum } from './build.ts';
import { conversionError } from './failure.ts';
import { floats, permuted } from './tensor.ts';
import type { ConvGeometry, Padding, Sampling } from './build.ts';
import type { FlatTable } from './flatbuffer.ts';
import type { NetNode } from './net.ts';
import type { FloatTensor } from './tensor.ts';
import type { TfliteGraph, TfliteOperator } from './tflite-file.ts';

/** Positions of the fields of an operator's options in TensorFlow Lite's `schema.fbs`. */
const convFields = {
  padding: 0,
  strideWidth: 1,
  strideHeight: 2,
  activation: 3,
  dilationWidth: 4,
  dilationHeight: 5,
};
const depthwiseFields = { ...convFields, activation: 4, dilationWidth: 5, dilationHeight: 6 };

/**
 * A TensorFlow Lite network with one picture as its input.
 * @param outputNames names in the ONNX file by name in the source.
 * @throws TidewaiterError `E_MODEL_CONVERT` naming operator and node when one is not known.
 */
export function tfliteToNet(
  graph: TfliteGraph,
  inputName: string,
  outputNames: Readonly<Record<string, string>>,
): Record<string, NetNode> {
  const reader = new LiteReader(graph, inputName);
  return Object.fromEntries(
    graph.outputs.map((index) => {
      const source = graph.tensors[index]?.name ?? '';
      return [outputNames[source] ?? source, reader.node(index)];
    }),
  );
}

/** Follows tensors from outputs to the input, converting each operator once. */
class LiteReader {
  readonly #graph: TfliteGraph;
  readonly #makers = new Map<number, TfliteOperator>();
  readonly #done = new Map<number, NetNode>();

  constructor(graph: TfliteGraph, inputName: string) {
    this.#graph = graph;
    for (const operator of graph.operators)
      for (const output of operator.outputs) this.#makers.set(output, operator);
    const [first = -1] = graph.inputs;
    const [n = 1, h = 1, w = 1, c = 1] = graph.tensors[first]?.dims ?? [];
    this.#done.set(first, input(inputName, [n, c, h, w]));
  }

  node(index: number): NetNode {
    const known = this.#done.get(index);
    if (known !== undefined) return known;
    const maker = this.#makers.get(index);
    if (maker === undefined) throw conversionError(`nothing computes tensor ${this.#nameOf(index)}`);
    const result = this.#convert(maker, this.#nameOf(index));
    this.#done.set(index, result);
    return result;
  }

  #nameOf(index: number): string {
    return this.#graph.tensors[index]?.name ?? `number ${index}`;
  }

  #convert(operator: TfliteOperator, name: string): NetNode {
    const { op, inputs, options } = operator;
    const [first = -1, second = -1, third = -1] = inputs;
    switch (op) {
      case 'CONV_2D': {
        const kernels = permuted(this.#floats(second, name), [0, 3, 1, 2]);
        const result = conv(
          name,
          this.node(first),
          kernels,
          this.#bias(third, name),
          1,
          geometry(options, convFields),
        );
        return activated(result, options?.int8(convFields.activation));
      }
      case 'DEPTHWISE_CONV_2D': {
        const weights = this.#floats(second, name);
        const [, height = 1, width = 1, channels = 1] = weights.dims;
        const kernels = floats([channels, 1, height, width], permuted(weights, [3, 0, 1, 2]).data);
        const x = this.node(first);
        const groups = x.dims[1] ?? 1;
        const shape = geometry(options, depthwiseFields);
        const result = conv(name, x, kernels, this.#bias(third, name), groups, shape);
        return activated(result, options?.int8(depthwiseFields.activation));
      }
      case 'ADD':
        return activated(sum(name, this.node(first), this.node(second)), options?.int8(0));
      case 'RELU':
        return relu(name, this.node(first));
      case 'RELU6':
        return relu6(name, this.node(first));
      case 'MAX_POOL_2D': {
        const { padding, strides } = geometry(options, convFields);
        const kernel = [options?.int32(4) ?? 1, options?.int32(3) ?? 1] as const;
        return maxPool(name, this.node(first), kernel, strides, padding);
      }
      case 'PAD':
        return this.#pad(name, first, second);
      case 'RESIZE_BILINEAR': {
        const [height = 1, width = 1] = this.#integers(second, name);
        return resizeBilinear(name, this.node(first), [height, width], samplingOf(options));
      }
      case 'RESHAPE':
        return reshape(name, this.node(first), this.#graph.tensors[operator.outputs[0] ?? -1]?.dims ?? []);
      case 'CONCATENATION': {
        const parts = inputs.map((index) => this.node(index));
        return concat(name, parts, options?.int32(0) ?? 0);
      }
      default:
        throw conversionError(`operator ${op} of node ${name} is not supported`);
    }
  }

  /** Rows of the constant are the axes n, h, w, c; columns are before and after. */
  #pad(name: string, first: number, second: number): NetNode {
    const amounts = this.#integers(second, name);
    const axes = [0, 3, 1, 2];
    const before = axes.map((axis) => amounts[axis * 2] ?? 0);
    const after = axes.map((axis) => amounts[axis * 2 + 1] ?? 0);
    return pad(name, this.node(first), before, after);
  }

  #bias(index: number, user: string): FloatTensor | undefined {
    return index === -1 ? undefined : this.#floats(index, user);
  }

  /** A constant, also one that is stored as float16 behind a DEQUANTIZE. */
  #floats(index: number, user: string): FloatTensor {
    const maker = this.#makers.get(index);
    if (maker?.op === 'DEQUANTIZE') return this.#floats(maker.inputs[0] ?? -1, user);
    const tensor = this.#graph.tensors[index];
    if (!(tensor?.data instanceof Float32Array)) {
      throw conversionError(`node ${user} needs ${this.#nameOf(index)} to be a float constant`);
    }
    return { dims: tensor.dims, data: tensor.data };
  }

  #integers(index: number, user: string): number[] {
    const data = this.#graph.tensors[index]?.data;
    if (!(data instanceof Int32Array)) {
      throw conversionError(`node ${user} needs ${this.#nameOf(index)} to be an integer constant`);
    }
    return Array.from(data);
  }
}

function geometry(options: FlatTable | undefined, fields: typeof convFields): ConvGeometry {
  const read = (field: number): number => options?.int32(field, 1) ?? 1;
  const padding: Padding = options?.int8(fields.padding) === 1 ? 'VALID' : 'SAME';
  return {
    padding,
    strides: [read(fields.strideHeight), read(fields.strideWidth)],
    dilations: [read(fields.dilationHeight), read(fields.dilationWidth)],
  };
}

function samplingOf(options: FlatTable | undefined): Sampling {
  if (options?.int8(2) === 1) return 'align_corners';
  return options?.int8(3) === 1 ? 'half_pixel' : 'asymmetric';
}

/** The activation that TensorFlow Lite builds into an operator. */
function activated(x: NetNode, activation = 0): NetNode {
  switch (activation) {
    case 0:
      return x;
    case 1:
      return relu(`${x.name}/relu`, x);
    case 3:
      return relu6(`${x.name}/relu6`, x);
    default:
      throw conversionError(`activation ${activation} of node ${x.name} is not supported`);
  }
}
