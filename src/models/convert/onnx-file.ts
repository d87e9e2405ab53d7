import onnxProto from 'onnx-proto';
import type { onnx as types } from 'onnx-proto';
import { tensorBytes } from './tensor.ts';
import type { Tensor } from './tensor.ts';

const { onnx } = onnxProto;

/** A node's attribute: whole numbers are written as INT, other numbers must be wrapped as `{ float }`. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

export interface OnnxNode {
  readonly op: string;
  readonly name?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** A graph input or output. */
export interface OnnxPort {
  readonly name: string;
  /** A string is a symbolic dimension. */
  readonly dims: readonly (number | string)[];
  /** float32 by default. */
  readonly type?: 'float32' | 'int64';
}

/** A whole ONNX graph, its nodes in an order in which they can run. */
export interface OnnxGraph {
  readonly name?: string;
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  readonly constants?: Readonly<Record<string, Tensor>>;
  readonly nodes: readonly OnnxNode[];
}

/** Format version and operator set of everything written here. */
const IR_VERSION = 8;
const OPSET = 13;

/** The bytes of an ONNX file; equal graphs give equal bytes. */
export function encodeOnnx(graph: OnnxGraph): Uint8Array {
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    producerName: 'tidewaiter',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: {
      name: graph.name ?? 'graph',
      input: graph.inputs.map(portProto),
      output: graph.outputs.map(portProto),
      initializer: Object.entries(graph.constants ?? {}).map(([name, tensor]) => tensorProto(name, tensor)),
      node: graph.nodes.map(nodeProto),
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

function portProto(port: OnnxPort): object {
  const { FLOAT, INT64 } = onnx.TensorProto.DataType;
  const elemType = port.type === 'int64' ? INT64 : FLOAT;
  const dim = port.dims.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }));
  return { name: port.name, type: { tensorType: { elemType, shape: { dim } } } };
}

function tensorProto(name: string, tensor: Tensor): object {
  const { FLOAT, INT64 } = onnx.TensorProto.DataType;
  const dataType = tensor.data instanceof Float32Array ? FLOAT : INT64;
  return { name, dims: tensor.dims, dataType, rawData: tensorBytes(tensor.data) };
}

function nodeProto(node: OnnxNode): object {
  return {
    opType: node.op,
    name: node.name ?? node.outputs[0] ?? '',
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: Object.entries(node.attributes ?? {}).map(([name, value]) => attributeProto(name, value)),
  };
}

export function attributeProto(name: string, value: OnnxAttribute): types.IAttributeProto {
  const { INT, INTS, FLOAT, STRING } = onnx.AttributeProto.AttributeType;
  if (typeof value === 'number') return { name, type: INT, i: value };
  if (typeof value === 'string') return { name, type: STRING, s: Buffer.from(value) };
  if ('float' in value) return { name, type: FLOAT, f: value.float };
  return { name, type: INTS, ints: [...value] };
}
