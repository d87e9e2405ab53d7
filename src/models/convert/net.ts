import { encodeOnnx } from './onnx-file.ts';
import type { OnnxAttribute, OnnxNode } from './onnx-file.ts';
import type { FloatTensor, Tensor } from './tensor.ts';

/**
 * One operation of a network on its way to ONNX. Sizes are fixed, batch included, so that every shape is a
 * constant. Both source formats keep pictures as NHWC; here they are NCHW from the start, which is what ONNX
 * convolutions take, and only {@link reshape} pays for going back.
 */
export interface NetNode {
  /** ONNX operator; `Input` for the network's input. */
  readonly op: string;
  /** Name in the source file, for messages. */
  readonly name: string;
  readonly inputs: readonly NetNode[];
  /** Follow the inputs in the operator's argument list; null leaves an optional argument out. */
  readonly constants: readonly (Tensor | null)[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
  /** Shape of the result, in the order of `layout`. */
  readonly dims: readonly number[];
  /** `nchw`: a picture with its axes reordered; `plain`: axes as in the source. */
  readonly layout: 'nchw' | 'plain';
}

/** A convolution: constants are weights [out, in / group, height, width] and bias [out]. */
export interface ConvNode extends NetNode {
  readonly op: 'Conv';
  readonly constants: readonly [FloatTensor, FloatTensor];
}

export function isConv(node: NetNode): node is ConvNode {
  return node.op === 'Conv';
}

/** Every node that the outputs need, each after its inputs. */
export function inOrder(outputs: readonly NetNode[]): NetNode[] {
  const seen = new Set<NetNode>();
  const visit = (node: NetNode): void => {
    if (seen.has(node)) return;
    node.inputs.forEach(visit);
    // A set keeps insertion order, so adding after the inputs sorts the graph.
    seen.add(node);
  };
  outputs.forEach(visit);
  return [...seen];
}

/** The ONNX file of a network with the given output names. */
export function netToOnnx(outputs: Readonly<Record<string, NetNode>>): Uint8Array {
  const nodes = inOrder(Object.values(outputs));
  const names = new Map<NetNode, string>();
  nodes.forEach((node, index) => names.set(node, node.op === 'Input' ? node.name : `t${index}`));
  for (const [name, node] of Object.entries(outputs)) names.set(node, name);

  const constants: Record<string, Tensor> = {};
  const nameOf = (node: NetNode): string => names.get(node) ?? '';
  const onnxNode = (node: NetNode): OnnxNode => {
    const own = node.constants.map((tensor, index) => {
      if (tensor === null) return '';
      const name = `${nameOf(node)}_c${index}`;
      constants[name] = tensor;
      return name;
    });
    const inputs = [...node.inputs.map(nameOf), ...own];
    return { op: node.op, name: node.name, inputs, outputs: [nameOf(node)], attributes: node.attributes };
  };
  return encodeOnnx({
    nodes: nodes.filter((node) => node.op !== 'Input').map(onnxNode),
    constants,
    inputs: nodes.filter((node) => node.op === 'Input').map((node) => ({ name: node.name, dims: node.dims })),
    outputs: Object.entries(outputs).map(([name, node]) => ({ name, dims: node.dims })),
  });
}
