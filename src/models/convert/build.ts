import { conversionError } from './failure.ts';
import { elements, floats, integers } from './tensor.ts';
import type { ConvNode, NetNode } from './net.ts';
import type { FloatTensor } from './tensor.ts';

/** Height and width. */
export type Pair = readonly [number, number];
export type Padding = 'SAME' | 'VALID';

export interface ConvGeometry {
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: Padding;
}

/** The network's input: pictures [1, channels, height, width]. */
export function input(name: string, dims: readonly number[]): NetNode {
  return { op: 'Input', name, inputs: [], constants: [], attributes: {}, dims, layout: 'nchw' };
}

/** @param weights [out, in / group, height, width]. */
export function conv(
  name: string,
  x: NetNode,
  weights: FloatTensor,
  bias: FloatTensor | undefined,
  group: number,
  geometry: ConvGeometry,
): ConvNode {
  const [out = 0, , kernelHeight = 1, kernelWidth = 1] = weights.dims;
  const window = slide(x, [kernelHeight, kernelWidth], geometry);
  const { strides, dilations } = geometry;
  return {
    op: 'Conv',
    name,
    inputs: [x],
    constants: [weights, bias ?? floats([out], new Float32Array(out))],
    attributes: { kernel_shape: [kernelHeight, kernelWidth], strides, dilations, group, pads: window.pads },
    dims: [x.dims[0] ?? 1, out, ...window.size],
    layout: 'nchw',
  };
}

export function maxPool(name: string, x: NetNode, kernel: Pair, strides: Pair, padding: Padding): NetNode {
  const window = slide(x, kernel, { strides, dilations: [1, 1], padding });
  const attributes = { kernel_shape: kernel, strides, pads: window.pads };
  const dims = [x.dims[0] ?? 1, x.dims[1] ?? 1, ...window.size];
  return { op: 'MaxPool', name, inputs: [x], constants: [], attributes, dims, layout: 'nchw' };
}

/**
 * Output size and ONNX pads (top, left, bottom, right) of a sliding window. TensorFlow's SAME puts the odd
 * pixel at the end: tensorflow.org, "tf.nn: notes on padding".
 */
function slide(x: NetNode, kernel: Pair, { strides, dilations, padding }: ConvGeometry) {
  const axis = (position: 0 | 1): { size: number; before: number; after: number } => {
    const length = x.dims[2 + position] ?? 1;
    const reach = (kernel[position] - 1) * dilations[position] + 1;
    const stride = strides[position];
    if (padding === 'VALID') return { size: Math.ceil((length - reach + 1) / stride), before: 0, after: 0 };
    const size = Math.ceil(length / stride);
    const total = Math.max(0, (size - 1) * stride + reach - length);
    return { size, before: Math.floor(total / 2), after: Math.ceil(total / 2) };
  };
  const [y, z] = [axis(0), axis(1)];
  return { size: [y.size, z.size], pads: [y.before, z.before, y.after, z.after] };
}

/** `x * factor[channel]`. */
export function scale(name: string, x: NetNode, factor: FloatTensor): NetNode {
  return perChannel('Mul', name, x, factor);
}

/** `x + offset[channel]`. */
export function shift(name: string, x: NetNode, offset: FloatTensor): NetNode {
  return perChannel('Add', name, x, offset);
}

function perChannel(op: 'Mul' | 'Add', name: string, x: NetNode, vector: FloatTensor): NetNode {
  const channels = x.dims[1] ?? 1;
  const fits = x.layout === 'nchw' && (vector.data.length === channels || vector.data.length === 1);
  if (!fits) throw conversionError(`${op} of node ${name} does not have one constant per channel`);
  const data =
    vector.data.length === channels ? vector.data : new Float32Array(channels).fill(vector.data[0] ?? 0);
  return { ...x, op, name, inputs: [x], constants: [{ dims: [1, channels, 1, 1], data }], attributes: {} };
}

export function sum(name: string, a: NetNode, b: NetNode): NetNode {
  if (a.layout !== b.layout || a.dims.join() !== b.dims.join()) {
    throw conversionError(`Add of node ${name} joins shapes [${a.dims.join()}] and [${b.dims.join()}]`);
  }
  return { ...a, op: 'Add', name, inputs: [a, b], constants: [], attributes: {} };
}

export function relu(name: string, x: NetNode): NetNode {
  return { ...x, op: 'Relu', name, inputs: [x], constants: [], attributes: {} };
}

export function relu6(name: string, x: NetNode): NetNode {
  return {
    ...x,
    op: 'Clip',
    name,
    inputs: [x],
    constants: [floats([], [0]), floats([], [6])],
    attributes: {},
  };
}

/** Zeros around a picture; before and after are [n, c, h, w]. */
export function pad(name: string, x: NetNode, before: readonly number[], after: readonly number[]): NetNode {
  const dims = x.dims.map((size, axis) => size + (before[axis] ?? 0) + (after[axis] ?? 0));
  return {
    ...x,
    op: 'Pad',
    name,
    inputs: [x],
    constants: [integers([...before, ...after])],
    attributes: {},
    dims,
  };
}

/**
 * How the centres of pixels correspond when a picture is resized; ONNX Resize,
 * `coordinate_transformation_mode`.
 */
export type Sampling = 'half_pixel' | 'align_corners' | 'asymmetric';

export function resizeBilinear(name: string, x: NetNode, [height, width]: Pair, sampling: Sampling): NetNode {
  const dims = [x.dims[0] ?? 1, x.dims[1] ?? 1, height, width];
  const attributes = { mode: 'linear', coordinate_transformation_mode: sampling };
  return { ...x, op: 'Resize', name, inputs: [x], constants: [null, null, integers(dims)], attributes, dims };
}

/** Reads the elements in the source's order (NHWC) as another shape; one size may be -1. */
export function reshape(name: string, x: NetNode, shape: readonly number[]): NetNode {
  const known = elements(shape.filter((size) => size !== -1));
  const dims = shape.map((size) => (size === -1 ? elements(x.dims) / known : size));
  if (elements(dims) !== elements(x.dims)) {
    throw conversionError(`Reshape of node ${name} turns [${x.dims.join()}] into [${shape.join()}]`);
  }
  const rows = channelsLast(x);
  return {
    op: 'Reshape',
    name,
    inputs: [rows],
    constants: [integers(dims)],
    attributes: {},
    dims,
    layout: 'plain',
  };
}

function channelsLast(x: NetNode): NetNode {
  const [n = 1, c = 1, h = 1, w = 1] = x.dims;
  // With one channel or one pixel both orders are the same.
  if (x.layout === 'plain' || c === 1 || h * w === 1) return x;
  const attributes = { perm: [0, 2, 3, 1] };
  const name = `${x.name}/nhwc`;
  return {
    op: 'Transpose',
    name,
    inputs: [x],
    constants: [],
    attributes,
    dims: [n, h, w, c],
    layout: 'plain',
  };
}

/** @param axis counted in the source's order of axes. */
export function concat(name: string, parts: readonly NetNode[], axis: number): NetNode {
  const [first] = parts;
  if (first === undefined) throw conversionError(`Concat of node ${name} has no inputs`);
  const at = first.layout === 'nchw' ? ([0, 2, 3, 1][axis] ?? axis) : axis;
  const dims = first.dims.map((size, index) =>
    index === at ? parts.reduce((total, part) => total + (part.dims[at] ?? 0), 0) : size,
  );
  return { ...first, op: 'Concat', name, inputs: parts, constants: [], attributes: { axis: at }, dims };
}
