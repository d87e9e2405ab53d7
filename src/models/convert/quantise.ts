import { z } from 'zod';
import { conversionError } from './failure.ts';
import { attributeProto } from './onnx-file.ts';
import { OnnxDraft } from './onnx-draft.ts';
import { floats } from './tensor.ts';
import type { DraftNode } from './onnx-draft.ts';

/** Lowest and highest value that a tensor took on pictures that the ranges were measured on. */
export type Range = readonly [low: number, high: number];

/** How a network is brought to whole numbers: written by scripts/measure-ranges.ts, read at conversion. */
export const quantisationSchema = z.strictObject({
  /** Outputs of the nodes that stay in floating point, because their rounding costs most. */
  float: z.array(z.string()),
  /** By tensor. Nodes with a tensor that is not here stay in floating point. */
  ranges: z.record(z.string(), z.tuple([z.number(), z.number()])),
});

export type Quantisation = z.output<typeof quantisationSchema>;

/** Operators that ONNX Runtime computes in whole numbers, each tensor with a scale of its own. */
const COMPUTED = new Set(['Conv', 'Add', 'Mul', 'Concat', 'GlobalAveragePool', 'AveragePool', 'Sigmoid']);
/** Those that hand numbers on: what comes out has the scale of what goes in. */
const HANDED_ON = new Set(['Resize', 'MaxPool']);
/** Those that bound numbers, which the ends of a tensor's range do as well. */
const BOUNDING = new Set(['Relu', 'Clip']);

/** Operators whose results a quantisation can give ranges of; of the last one only others' inputs are rounded. */
export const ranged: ReadonlySet<string> = new Set([...COMPUTED, ...HANDED_ON, ...BOUNDING, 'HardSigmoid']);

const WEIGHT_LIMIT = 127;
/** Biases are added to sums of 32 bits; this leaves one bit for the sum. */
const BIAS_LIMIT = 2 ** 30;

/** Whole numbers of 8 bits: `value = (whole - zero) * step`. */
interface Scale {
  readonly step: number;
  readonly zero: number;
}

/**
 * A network in whole numbers of 8 bits, from the same network in floating point: values with one scale for each
 * tensor, weights with one for each output channel, sums in 32 bits (Jacob et al., "Quantization and Training of Neural
 * Networks for Efficient Integer-Arithmetic-Only Inference", CVPR 2018, section 3). Written as quantise/dequantise pairs
 * around tensors, which ONNX Runtime joins with what stands between them.
 * @param bytes an ONNX file in floating point; the same network always gets the same bytes.
 * @throws TidewaiterError `E_MODEL_CONVERT` when the quantisation speaks of another network.
 */
export function quantised(bytes: Uint8Array, { ranges, float }: Quantisation): Uint8Array {
  const draft = new OnnxDraft(bytes);
  const stays = new Set(float);
  for (const name of stays) if (draft.producer(name) === undefined) throw unknownTensor(name);
  const scales = new Map(Object.entries(ranges).map(([name, range]) => [name, scaleOf(range)]));
  leaveOutBounds(draft, scales, stays);
  for (const name of scales.keys()) if (draft.consumers(name).length === 0) throw unknownTensor(name);

  const whole = wholeNodes(draft, scales, stays);
  const touched = new Set([...whole].flatMap((node) => [...variables(draft, node), node.output]));
  const rounded = new Map<string, string>();
  const nodes: DraftNode[] = [];
  const round = (name: string): void => {
    const scale = touched.has(name) ? scales.get(name) : undefined;
    if (scale === undefined) return;
    const parameters = [
      draft.constant(floats([], [scale.step])),
      draft.constant({ dims: [], data: Uint8Array.of(scale.zero) }),
    ];
    const [small, back] = [draft.fresh(), draft.fresh()];
    nodes.push(converting('QuantizeLinear', [name, ...parameters], small));
    nodes.push(converting('DequantizeLinear', [small, ...parameters], back));
    rounded.set(name, back);
  };
  draft.ports.inputs.forEach(round);
  for (const node of draft.nodes) {
    const inputs = node.inputs.map((name) => rounded.get(name) ?? name);
    const step = scales.get(node.inputs[0] ?? '')?.step ?? 1;
    if (node.op === 'Conv' && whole.has(node)) nodes.push(...wholeConv(draft, { ...node, inputs }, step));
    else nodes.push({ ...node, inputs });
    round(node.output);
  }
  draft.nodes = nodes;
  return draft.encode();
}

/** The range always holds zero, which must be exact: paddings and rectifiers are full of it. */
function scaleOf([low, high]: Range): Scale {
  const [bottom, top] = [Math.min(0, low), Math.max(0, high)];
  const step = Math.fround(Math.max((top - bottom) / 255, Number.EPSILON));
  return { step, zero: Math.min(255, Math.max(0, Math.round(-bottom / step))) };
}

/** Joins bounds with what they bound, where the result is rounded to their range anyway. */
function leaveOutBounds(draft: OnnxDraft, scales: Map<string, Scale>, stays: ReadonlySet<string>): void {
  for (const bound of draft.nodes.filter(({ op }) => BOUNDING.has(op))) {
    const [x = ''] = bound.inputs;
    const source = draft.producer(x);
    if (source === undefined || !COMPUTED.has(source.op) || stays.has(x) || stays.has(bound.output)) continue;
    if (draft.onlyConsumer(x) !== bound || !scales.has(bound.output)) continue;
    if (draft.ports.outputs.includes(bound.output)) continue;
    draft.replace([source, bound], [{ ...source, output: bound.output }]);
    scales.delete(x);
  }
}

/** The nodes to compute in whole numbers; scales of what is handed on are set to those of their inputs. */
function wholeNodes(
  draft: OnnxDraft,
  scales: Map<string, Scale>,
  stays: ReadonlySet<string>,
): Set<DraftNode> {
  const whole = new Set<DraftNode>();
  for (const node of draft.nodes) {
    // What leaves the network is decoded as it is: rounding there would be seen by everyone who reads it.
    if (stays.has(node.output) || draft.ports.outputs.includes(node.output)) continue;
    const inputs = variables(draft, node);
    const [first = ''] = inputs;
    const scale = scales.get(first);
    if (HANDED_ON.has(node.op) && scale !== undefined) scales.set(node.output, scale);
    else if (!COMPUTED.has(node.op)) continue;
    const constants = node.op === 'Conv' || HANDED_ON.has(node.op);
    if (!constants && inputs.length !== node.inputs.length) continue;
    if ([...inputs, node.output].every((name) => scales.has(name))) whole.add(node);
  }
  return whole;
}

function variables(draft: OnnxDraft, { inputs }: DraftNode): string[] {
  return inputs.filter((name) => name !== '' && !draft.isConstant(name));
}

/** A convolution with its weights and biases in whole numbers. `step` is that of its input. */
function wholeConv(draft: OnnxDraft, node: DraftNode, step: number): DraftNode[] {
  const [x = '', weightsName, biasName] = node.inputs;
  const weights = draft.floats(weightsName);
  const channels = weights?.dims[0];
  if (weights === undefined || channels === undefined) throw unknownTensor(weightsName ?? '');
  const biases = draft.floats(biasName)?.data ?? new Float32Array(channels);
  const size = weights.data.length / channels;
  const small = new Int8Array(weights.data.length);
  const sums = new Int32Array(channels);
  const [weightSteps, sumSteps] = [new Float32Array(channels), new Float32Array(channels)];
  biases.forEach((bias, channel) => {
    const row = weights.data.subarray(channel * size, (channel + 1) * size);
    const largest = row.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    const weightStep = Math.fround(
      Math.max(largest / WEIGHT_LIMIT, Math.abs(bias) / step / BIAS_LIMIT, Number.EPSILON),
    );
    const sumStep = Math.fround(weightStep * step);
    small.set(
      row.map((weight) => Math.round(weight / weightStep)),
      channel * size,
    );
    sums[channel] = Math.round(bias / sumStep);
    weightSteps[channel] = weightStep;
    sumSteps[channel] = sumStep;
  });
  const [weightsBack, biasesBack] = [draft.fresh(), draft.fresh()];
  const back = (data: Int8Array | Int32Array, dims: readonly number[], steps: Float32Array): string[] => [
    draft.constant({ dims, data }),
    draft.constant(floats([channels], steps)),
    draft.constant({
      dims: [channels],
      data: data instanceof Int8Array ? new Int8Array(channels) : new Int32Array(channels),
    }),
  ];
  return [
    converting('DequantizeLinear', back(small, weights.dims, weightSteps), weightsBack, 0),
    converting('DequantizeLinear', back(sums, [channels], sumSteps), biasesBack, 0),
    { ...node, inputs: [x, weightsBack, biasesBack] },
  ];
}

/** ONNX Runtime's own form of these operators knows scales by channel in every operator set. */
function converting(
  op: 'QuantizeLinear' | 'DequantizeLinear',
  inputs: string[],
  output: string,
  axis?: number,
): DraftNode {
  const attributes = axis === undefined ? [] : [attributeProto('axis', axis)];
  return { op, domain: 'com.microsoft', inputs, output, attributes };
}

function unknownTensor(name: string): Error {
  return conversionError(`the network has no tensor ${name} to bring to whole numbers`);
}
