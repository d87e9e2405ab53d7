import { inOrder, isConv } from './net.ts';
import { floats } from './tensor.ts';
import type { ConvNode, NetNode } from './net.ts';
import type { FloatTensor } from './tensor.ts';

/**
 * Moves per-channel factors and offsets (batch normalisation, biases) into the weights of the convolution
 * before them, also through a residual addition: a factor costs one pass over a picture each time, folded it
 * costs nothing. Results differ from the unfolded network by rounding only.
 */
export function folded(outputs: Readonly<Record<string, NetNode>>): Record<string, NetNode> {
  const consumers = countConsumers(Object.values(outputs));
  const done = new Map<NetNode, NetNode>();
  const rewrite = (node: NetNode): NetNode => {
    const known = done.get(node);
    if (known !== undefined) return known;
    const inputs = node.inputs.map(rewrite);
    const absorbed = absorb(node, inputs, consumers);
    const result = absorbed ?? { ...node, inputs };
    consumers.set(result, consumers.get(node) ?? 0);
    done.set(node, result);
    return result;
  };
  return Object.fromEntries(Object.entries(outputs).map(([name, node]) => [name, rewrite(node)]));
}

type Consumers = Map<NetNode, number>;

function countConsumers(outputs: readonly NetNode[]): Consumers {
  const counts: Consumers = new Map();
  const count = (node: NetNode): void => void counts.set(node, (counts.get(node) ?? 0) + 1);
  outputs.forEach(count);
  for (const node of inOrder(outputs)) node.inputs.forEach(count);
  return counts;
}

function absorb(node: NetNode, inputs: readonly NetNode[], consumers: Consumers): NetNode | undefined {
  const [x] = inputs;
  const [vector] = node.constants;
  if (x === undefined || inputs.length !== 1 || !(vector?.data instanceof Float32Array)) return undefined;
  if (node.op === 'Mul') return isConv(x) && consumers.get(x) === 1 ? scaledConv(x, vector.data) : undefined;
  if (node.op === 'Add') return shifted(x, vector.data, consumers);
  return undefined;
}

function shifted(x: NetNode, offset: Float32Array, consumers: Consumers): NetNode | undefined {
  if (consumers.get(x) !== 1) return undefined;
  if (isConv(x)) return shiftedConv(x, offset);
  if (x.op !== 'Add' || x.constants.length > 0) return undefined;
  for (const [index, term] of x.inputs.entries()) {
    const moved = shifted(term, offset, consumers);
    if (moved === undefined) continue;
    consumers.set(moved, 1);
    return { ...x, inputs: x.inputs.with(index, moved) };
  }
  return undefined;
}

function scaledConv(conv: ConvNode, factor: Float32Array): ConvNode {
  const [weights, bias] = conv.constants;
  const perChannel = weights.data.length / factor.length;
  const data = weights.data.map((value, index) => value * (factor[Math.floor(index / perChannel)] ?? 1));
  const offset = bias.data.map((value, channel) => value * (factor[channel] ?? 1));
  return { ...conv, constants: [floats(weights.dims, data), floats(bias.dims, offset)] };
}

function shiftedConv(conv: ConvNode, offset: Float32Array): ConvNode {
  const [weights, bias] = conv.constants;
  const data: FloatTensor = floats(
    bias.dims,
    bias.data.map((value, channel) => value + (offset[channel] ?? 0)),
  );
  return { ...conv, constants: [weights, data] };
}
