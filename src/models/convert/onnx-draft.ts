import onnxProto from 'onnx-proto';
import { conversionError } from './failure.ts';
import { elements, floats } from './tensor.ts';
import type { onnx as types } from 'onnx-proto';
import type { FloatTensor } from './tensor.ts';

const { onnx } = onnxProto;

/** A node that is being worked on: inputs and outputs are tensor names. */
export interface DraftNode {
  op: string;
  inputs: string[];
  output: string;
  attributes: types.IAttributeProto[];
  /** Of operators that are not ONNX's own. */
  domain?: string;
}

/** What a constant can hold. */
export interface ConstantTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array | Int8Array | Uint8Array | Int32Array;
}

/**
 * An ONNX file opened for local changes. Nodes stay in an order in which they can run; what no pass touches
 * is written back as it was.
 */
export class OnnxDraft {
  nodes: DraftNode[] = [];
  readonly #model: types.ModelProto;
  readonly #constants = new Map<string, types.ITensorProto>();
  readonly #taken = new Set<string>();
  #fresh = 0;

  /** @throws TidewaiterError `E_MODEL_CONVERT` when a node has several outputs. */
  constructor(bytes: Uint8Array) {
    this.#model = onnx.ModelProto.decode(bytes);
    const graph = this.#model.graph;
    for (const tensor of graph?.initializer ?? []) this.#addConstant(tensor.name ?? '', tensor);
    for (const { opType, name, input, output, attribute } of graph?.node ?? []) {
      const value = attribute?.find((entry) => entry.name === 'value')?.t;
      const [first = '', ...others] = output ?? [];
      this.#taken.add(first);
      if (others.length > 0) throw conversionError(`operator ${opType} of node ${name} has several outputs`);
      if (opType === 'Constant' && value) this.#addConstant(first, value);
      else
        this.nodes.push({
          op: opType ?? '',
          inputs: [...(input ?? [])],
          output: first,
          attributes: attribute ?? [],
        });
    }
  }

  /** Values of a float constant; undefined when the name is not one. */
  floats(name: string | undefined): FloatTensor | undefined {
    const tensor = this.#constants.get(name ?? '');
    if (tensor?.dataType !== onnx.TensorProto.DataType.FLOAT) return undefined;
    const dims = (tensor.dims ?? []).map(Number);
    if (!tensor.rawData?.length) return floats(dims, tensor.floatData ?? []);
    return floats(dims, new Float32Array(Uint8Array.from(tensor.rawData).buffer, 0, elements(dims)));
  }

  /** The value of a float constant with one element. */
  scalar(name: string | undefined): number | undefined {
    const tensor = this.floats(name);
    return tensor?.data.length === 1 ? tensor.data[0] : undefined;
  }

  isConstant(name: string): boolean {
    return this.#constants.has(name);
  }

  /** Adds a constant under a name of its own. */
  constant({ dims, data }: ConstantTensor): string {
    const name = this.fresh();
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#addConstant(name, { name, dims: [...dims], dataType: dataTypeOf(data), rawData });
    return name;
  }

  /** A name for a new tensor. */
  fresh(): string {
    let name: string;
    do name = `tidewaiter_${this.#fresh++}`;
    while (this.#taken.has(name));
    return name;
  }

  /** Names of what the graph is given and what it gives. */
  get ports(): { readonly inputs: string[]; readonly outputs: string[] } {
    const { input = [], output = [] } = this.#model.graph ?? {};
    const names = (ports: readonly types.IValueInfoProto[]): string[] => ports.map(({ name }) => name ?? '');
    return {
      inputs: names(input ?? []).filter((name) => !this.isConstant(name)),
      outputs: names(output ?? []),
    };
  }

  /** Version of the operator set that the nodes are written in. */
  get opset(): number {
    return Number(this.#model.opsetImport.find(({ domain }) => !domain)?.version ?? 0);
  }

  producer(name: string | undefined): DraftNode | undefined {
    return this.nodes.find((node) => node.output === name);
  }

  /** Every use of a tensor as an input; a graph output counts as one, given as undefined. */
  consumers(name: string): (DraftNode | undefined)[] {
    const nodes = this.nodes.filter((node) => node.inputs.includes(name));
    return this.#model.graph?.output?.some((port) => port.name === name) ? [...nodes, undefined] : nodes;
  }

  /** The only node that uses a tensor. */
  onlyConsumer(name: string): DraftNode | undefined {
    const consumers = this.consumers(name);
    return consumers.length === 1 ? consumers[0] : undefined;
  }

  /** Puts nodes in the place of others; they stand where the last of those stood. */
  replace(old: readonly DraftNode[], replacement: readonly DraftNode[]): void {
    const at = Math.max(...old.map((node) => this.nodes.indexOf(node)));
    this.nodes.splice(at, 1, ...replacement);
    this.nodes = this.nodes.filter((node) => replacement.includes(node) || !old.includes(node));
  }

  #addConstant(name: string, tensor: types.ITensorProto): void {
    this.#taken.add(name);
    this.#constants.set(name, tensor);
  }

  encode(): Uint8Array {
    const graph = this.#model.graph;
    const used = new Set(this.nodes.flatMap((node) => node.inputs));
    const initializer = [...this.#constants].filter(([name]) => used.has(name));
    const node = this.nodes.map(({ op, domain, inputs, output, attributes }) => ({
      opType: op,
      ...(domain === undefined ? {} : { domain }),
      name: output,
      input: inputs,
      output: [output],
      attribute: attributes,
    }));
    const { opsetImport } = this.#model;
    const known = new Set(opsetImport.map(({ domain }) => domain ?? ''));
    const domains = new Set(
      this.nodes.map(({ domain = '' }) => domain).filter((domain) => !known.has(domain)),
    );
    const draft = {
      ...this.#model,
      opsetImport: [...opsetImport, ...[...domains].map((domain) => ({ domain, version: 1 }))],
      graph: {
        ...graph,
        node,
        valueInfo: [],
        initializer: initializer.map(([name, tensor]) => ({ ...tensor, name })),
      },
    };
    return onnx.ModelProto.encode(onnx.ModelProto.create(draft)).finish();
  }
}

function dataTypeOf(data: ConstantTensor['data']): number {
  const { FLOAT, INT8, UINT8, INT32 } = onnx.TensorProto.DataType;
  if (data instanceof Float32Array) return FLOAT;
  if (data instanceof Int32Array) return INT32;
  return data instanceof Int8Array ? INT8 : UINT8;
}

export function numbersOf(node: DraftNode, attribute: string): number[] {
  return (node.attributes.find(({ name }) => name === attribute)?.ints ?? []).map(Number);
}
