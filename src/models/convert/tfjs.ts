import { concat, conv, input, relu6, reshape, scale, shift, sum } from './build.ts';
import { conversionError } from './failure.ts';
import { floats, permuted } from './tensor.ts';
import type { ConvGeometry, Pair } from './build.ts';
import type { NetNode } from './net.ts';
import type { FloatTensor } from './tensor.ts';
import type { TfjsGraph, TfjsNode } from './tfjs-file.ts';

/** Where to cut a network out of a larger graph. */
export interface Cut {
  /** Node whose result becomes the network's input, and the input's name in the ONNX file. */
  readonly from: string;
  readonly inputName: string;
  /** [1, channels, height, width]. */
  readonly inputDims: readonly number[];
  /** Source nodes of the outputs, by name in the ONNX file. */
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * The part of a TensorFlow.js graph between the cuts.
 * @throws TidewaiterError `E_MODEL_CONVERT` naming operator and node when one is not known.
 */
export function tfjsToNet(graph: TfjsGraph, cut: Cut): Record<string, NetNode> {
  const reader = new GraphReader(graph, cut);
  return Object.fromEntries(Object.entries(cut.outputs).map(([name, source]) => [name, reader.node(source)]));
}

/** Follows names from outputs to inputs, converting each node once. */
class GraphReader {
  readonly #graph: TfjsGraph;
  readonly #done = new Map<string, NetNode>();

  constructor(graph: TfjsGraph, cut: Cut) {
    this.#graph = graph;
    this.#done.set(cut.from, input(cut.inputName, cut.inputDims));
  }

  node(name: string): NetNode {
    const known = this.#done.get(name);
    if (known !== undefined) return known;
    const result = this.#convert(this.#source(name));
    this.#done.set(name, result);
    return result;
  }

  #source(name: string): TfjsNode {
    const node = this.#graph.nodes.get(name);
    if (node === undefined) throw conversionError(`there is no node ${name}`);
    return node;
  }

  #convert(node: TfjsNode): NetNode {
    const [first = '', second = ''] = node.input;
    switch (node.op) {
      case 'Conv2D':
        return conv(
          node.name,
          this.node(first),
          permuted(this.#floats(second, node), [3, 2, 0, 1]),
          undefined,
          1,
          geometryOf(node),
        );
      case 'DepthwiseConv2dNative':
        return this.#depthwise(node, first, second);
      case 'FusedBatchNorm':
        return this.#batchNorm(node, first);
      case 'BiasAdd':
      case 'Add':
        return this.#add(node, first, second);
      case 'AddN':
        return node.input
          .slice(1)
          .reduce((total, term) => sum(node.name, total, this.node(term)), this.node(first));
      case 'Mul':
        return scale(node.name, this.node(first), this.#floats(second, node));
      case 'Relu6':
        return relu6(node.name, this.node(first));
      case 'Reshape':
        return reshape(node.name, this.node(first), this.#integers(second));
      case 'Squeeze':
        return this.#squeeze(node, first);
      case 'ConcatV2':
        return this.#concat(node);
      default:
        throw conversionError(`operator ${node.op} of node ${node.name} is not supported`);
    }
  }

  #depthwise(node: TfjsNode, x: string, weightsName: string): NetNode {
    const weights = this.#floats(weightsName, node);
    const [height = 1, width = 1, channels = 1, multiplier = 1] = weights.dims;
    const planes = permuted(weights, [2, 3, 0, 1]).data;
    const kernels = floats([channels * multiplier, 1, height, width], planes);
    return conv(node.name, this.node(x), kernels, undefined, channels, geometryOf(node));
  }

  /** `gamma * (x - mean) / sqrt(variance + epsilon) + beta` as one factor and one offset per channel. */
  #batchNorm(node: TfjsNode, x: string): NetNode {
    const [gamma, beta, mean, variance] = node.input.slice(1).map((name) => this.#floats(name, node).data);
    if (gamma === undefined || beta === undefined || mean === undefined || variance === undefined) {
      throw conversionError(`FusedBatchNorm of node ${node.name} lacks an input`);
    }
    const epsilon = node.attr['epsilon']?.f ?? 1e-3;
    const factor = gamma.map((value, index) => value / Math.sqrt((variance[index] ?? 1) + epsilon));
    const offset = beta.map((value, index) => value - (mean[index] ?? 0) * (factor[index] ?? 1));
    const scaled = scale(`${node.name}/scale`, this.node(x), floats([factor.length], factor));
    return shift(node.name, scaled, floats([offset.length], offset));
  }

  #add(node: TfjsNode, first: string, second: string): NetNode {
    if (this.#isConstant(second)) return shift(node.name, this.node(first), this.#floats(second, node));
    if (this.#isConstant(first)) return shift(node.name, this.node(second), this.#floats(first, node));
    return sum(node.name, this.node(first), this.node(second));
  }

  #squeeze(node: TfjsNode, first: string): NetNode {
    const x = this.node(first);
    const axes = (node.attr['squeeze_dims']?.list?.i ?? []).map(Number);
    return reshape(
      node.name,
      x,
      x.dims.filter((_, axis) => !axes.includes(axis)),
    );
  }

  #concat(node: TfjsNode): NetNode {
    const axis = this.#integers(node.input.at(-1) ?? '')[0] ?? 0;
    const parts = node.input.slice(0, -1).map((name) => this.node(name));
    return concat(node.name, parts, axis);
  }

  #isConstant(name: string): boolean {
    return this.#graph.constants.has(name);
  }

  #floats(name: string, user: TfjsNode): FloatTensor {
    const constant = this.#graph.constants.get(name);
    if (!(constant?.data instanceof Float32Array)) {
      throw conversionError(`operator ${user.op} of node ${user.name} needs ${name} to be a float constant`);
    }
    return { dims: constant.dims, data: constant.data };
  }

  /** A shape or an axis, computed from constants and from the shapes of nodes. */
  #integers(name: string): number[] {
    const constant = this.#graph.constants.get(name);
    if (constant !== undefined) return Array.from(constant.data);
    const node = this.#source(name);
    const [first = '', begin = ''] = node.input;
    switch (node.op) {
      case 'Shape':
        return sourceDims(this.node(first));
      case 'Pack':
        return node.input.flatMap((part) => this.#integers(part));
      case 'StridedSlice': {
        const [at = 0] = this.#integers(begin);
        return this.#integers(first).slice(at, at + 1);
      }
      default:
        throw conversionError(
          `operator ${node.op} of node ${name} is not supported where a shape is computed`,
        );
    }
  }
}

function sourceDims({ dims, layout }: NetNode): number[] {
  const [n = 1, c = 1, h = 1, w = 1] = dims;
  return layout === 'nchw' ? [n, h, w, c] : [...dims];
}

function geometryOf(node: TfjsNode): ConvGeometry {
  const padding = textOf(node, 'padding');
  if (padding !== 'SAME' && padding !== 'VALID') {
    throw conversionError(`operator ${node.op} of node ${node.name} has padding ${padding}`);
  }
  return { strides: pairOf(node, 'strides'), dilations: pairOf(node, 'dilations'), padding };
}

/** Height and width of an attribute given as NHWC. */
function pairOf(node: TfjsNode, name: string): Pair {
  const [, height = 1, width = 1] = (node.attr[name]?.list?.i ?? []).map(Number);
  return [height, width];
}

function textOf(node: TfjsNode, name: string): string {
  const value = node.attr[name]?.s ?? '';
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString() : Buffer.from(value).toString();
}
