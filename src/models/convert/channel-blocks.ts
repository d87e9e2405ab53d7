import { inOrder, isConv } from './net.ts';
import { elements, floats } from './tensor.ts';
import type { ConvNode, NetNode } from './net.ts';
import type { FloatTensor } from './tensor.ts';

/**
 * ONNX Runtime keeps pictures in blocks of 8 or 16 channels while it computes convolutions; what does not
 * fill blocks, or is no operation it knows for blocks, makes it copy the picture out and in again. 16 suits
 * both.
 */
const BLOCK = 16;

type Outputs = Readonly<Record<string, NetNode>>;

/**
 * Fills the channels between convolutions up to whole blocks with channels that are always zero. They cost
 * nothing, since the runtime computes whole blocks anyway, and keep the picture in blocks. Results do not
 * change.
 */
export function filledBlocks(outputs: Outputs): Record<string, NetNode> {
  const fillable = fillableNodes(outputs);
  return rewritten(outputs, (node, inputs) => {
    if (!isConv(node))
      return fillable.has(node) ? { ...node, inputs, dims: inputs[0]?.dims ?? node.dims } : undefined;
    const depthwise = isDepthwise(node);
    const own = node.dims[1] ?? 0;
    const out = fillable.has(node) ? Math.ceil(own / BLOCK) * BLOCK : own;
    const [weights, bias] = node.constants;
    const inChannels = depthwise ? 1 : (inputs[0]?.dims[1] ?? 1);
    const constants: ConvNode['constants'] = [
      grown(weights, [out, isGrouped(node) ? (weights.dims[1] ?? 1) : inChannels, ...weights.dims.slice(2)]),
      grown(bias, [out]),
    ];
    const attributes = depthwise ? { ...node.attributes, group: out } : node.attributes;
    return { ...node, inputs, constants, attributes, dims: node.dims.with(1, out) };
  });
}

/** Nodes with a part of a block left whose result only convolutions see, perhaps through activations. */
function fillableNodes(outputs: Outputs): Set<NetNode> {
  const nodes = inOrder(Object.values(outputs));
  const passes = (node: NetNode): boolean => node.op === 'Relu' || node.op === 'Clip' || isDepthwise(node);
  const starts = (node: NetNode): boolean => isConv(node) && !isGrouped(node);
  const partial = (node: NetNode): boolean => node.layout === 'nchw' && (node.dims[1] ?? 0) % BLOCK !== 0;
  const candidates = new Set(nodes.filter((node) => partial(node) && (passes(node) || starts(node))));
  for (const output of Object.values(outputs)) candidates.delete(output);
  for (let before = -1; before !== candidates.size;) {
    before = candidates.size;
    for (const node of nodes) {
      const absorbs = candidates.has(node) || starts(node);
      if (!absorbs) for (const source of node.inputs) candidates.delete(source);
      if (passes(node) && !node.inputs.every((source) => candidates.has(source))) candidates.delete(node);
    }
  }
  return candidates;
}

/**
 * `Add(conv, Pad(x))`, where the padding adds zero channels, as two convolutions side by side: the channels
 * that x has are added to, the others are left alone. ONNX Runtime then does the addition and the activation
 * inside the convolution.
 */
export function splitPaddedSums(outputs: Outputs): Record<string, NetNode> {
  const joined = rewritten(outputs, (node, inputs) => {
    const [conv, padded] = inputs[1]?.op === 'Pad' ? inputs : [inputs[1], inputs[0]];
    const x = padded?.inputs[0];
    if (node.op !== 'Add' || conv === undefined || padded?.op !== 'Pad' || x === undefined) return undefined;
    const channels = x.dims[1] ?? 0;
    if (!isConv(conv) || isGrouped(conv) || !addsOnlyChannels(padded, x) || channels % BLOCK !== 0)
      return undefined;
    const lower = outputChannels(conv, 0, channels);
    const sum: NetNode = { ...node, name: `${node.name}/lower`, inputs: [lower, x], dims: lower.dims };
    const parts = [sum, outputChannels(conv, channels, conv.dims[1] ?? 0)];
    return { ...node, op: 'Concat', inputs: parts, attributes: { axis: 1 } };
  });
  return rewritten(joined, (node, inputs) => {
    const [x] = inputs;
    if (node.op !== 'Relu' || x?.op !== 'Concat') return undefined;
    return {
      ...x,
      inputs: x.inputs.map((part) => ({
        ...node,
        name: `${part.name}/relu`,
        inputs: [part],
        dims: part.dims,
      })),
    };
  });
}

function addsOnlyChannels(padded: NetNode, x: NetNode): boolean {
  const amounts = Array.from(padded.constants[0]?.data ?? [], Number);
  return amounts.every((amount, position) => amount === 0 || position === 5) && x.layout === 'nchw';
}

function outputChannels(conv: ConvNode, from: number, to: number): ConvNode {
  const part = (tensor: FloatTensor): FloatTensor => {
    const size = elements(tensor.dims.slice(1));
    return floats(tensor.dims.with(0, to - from), tensor.data.slice(from * size, to * size));
  };
  const [weights, bias] = conv.constants;
  const name = `${conv.name}/channels-${from}`;
  return { ...conv, name, constants: [part(weights), part(bias)], dims: conv.dims.with(1, to - from) };
}

function isGrouped(conv: ConvNode): boolean {
  return conv.attributes['group'] !== 1;
}

function isDepthwise(node: NetNode): boolean {
  return isConv(node) && isGrouped(node) && node.dims[1] === node.attributes['group'];
}

/** The tensor in the corner of a larger one of zeros. */
function grown(tensor: FloatTensor, dims: readonly number[]): FloatTensor {
  if (dims.join() === tensor.dims.join()) return tensor;
  const [, inner = 1, ...rest] = tensor.dims;
  const spot = elements(rest);
  const [, wide = 1] = dims;
  const data = new Float32Array(elements(dims));
  for (let row = 0; row < (tensor.dims[0] ?? 0); row++) {
    const values = tensor.data.subarray(row * inner * spot, (row + 1) * inner * spot);
    data.set(values, row * wide * spot);
  }
  return { dims, data };
}

/** Rebuilds a network from its inputs on; `change` gives the new form of a node, or undefined to keep it. */
function rewritten(
  outputs: Outputs,
  change: (node: NetNode, inputs: NetNode[]) => NetNode | undefined,
): Record<string, NetNode> {
  const done = new Map<NetNode, NetNode>();
  for (const node of inOrder(Object.values(outputs))) {
    const inputs = node.inputs.map((source) => done.get(source) ?? source);
    done.set(node, change(node, inputs) ?? { ...node, inputs });
  }
  return Object.fromEntries(Object.entries(outputs).map(([name, node]) => [name, done.get(node) ?? node]));
}
