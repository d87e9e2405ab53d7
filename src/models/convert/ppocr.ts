import { readFile } from 'node:fs/promises';
import { attributeProto } from './onnx-file.ts';
import { numbersOf, OnnxDraft } from './onnx-draft.ts';
import { floats } from './tensor.ts';
import type { OnnxAttribute } from './onnx-file.ts';
import type { DraftNode } from './onnx-draft.ts';
import type { FloatTensor } from './tensor.ts';

/**
 * A PaddleOCR network in a form that ONNX Runtime computes faster: what stands between convolutions is moved
 * into them or becomes one, so that pictures stay in the runtime's own layout. Results differ by rounding
 * only.
 */
export async function convertPpocr(path: string): Promise<Uint8Array> {
  const draft = new OnnxDraft(await readFile(path));
  foldAffine(draft);
  for (const node of draft.nodes.filter(({ op }) => op === 'Div')) simplifyHardSwish(draft, node);
  for (const node of draft.nodes.filter(({ op }) => op === 'Sigmoid')) flattenUpsampling(draft, node);
  return draft.encode();
}

/** Written out, because ONNX Runtime follows sizes only where they are. */
const singlePixel = { kernel_shape: [1, 1], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] };

function makeNode(
  op: string,
  inputs: string[],
  output: string,
  attributes: Record<string, OnnxAttribute>,
): DraftNode {
  const entries = Object.entries(attributes);
  return { op, inputs, output, attributes: entries.map(([name, value]) => attributeProto(name, value)) };
}

/** Multiplications by and additions of one number behind a convolution become part of its weights. */
function foldAffine(draft: OnnxDraft): void {
  for (const node of [...draft.nodes]) {
    if (node.op !== 'Mul' && node.op !== 'Add') continue;
    const [x, value] = withScalar(draft, node);
    const conv = draft.producer(x);
    if (x === undefined || value === undefined || conv === undefined) continue;
    if (conv.op !== 'Conv' || draft.onlyConsumer(x) !== node) continue;
    const [factor, offset] = node.op === 'Mul' ? [value, 0] : [1, value];
    const changed = changedConv(draft, conv, (weights, bias) => [
      { ...weights, data: weights.data.map((weight) => weight * factor) },
      bias.map((entry) => entry * factor + offset),
    ]);
    if (changed !== undefined) draft.replace([conv, node], [{ ...changed, output: node.output }]);
  }
}

/** The tensor and the number that a node joins, whichever comes first. */
function withScalar(
  draft: OnnxDraft,
  { inputs: [a, b] }: DraftNode,
): [x: string | undefined, value: number | undefined] {
  const value = draft.scalar(b);
  return value === undefined ? [b, draft.scalar(a)] : [a, value];
}

type ConvChange = (weights: FloatTensor, bias: Float32Array) => [FloatTensor, Float32Array];

function changedConv(draft: OnnxDraft, conv: DraftNode, change: ConvChange): DraftNode | undefined {
  const [x = '', weightsName, biasName] = conv.inputs;
  const weights = draft.floats(weightsName);
  const channels = weights?.dims[0];
  if (weights === undefined || channels === undefined) return undefined;
  const [changed, bias] = change(weights, draft.floats(biasName)?.data ?? new Float32Array(channels));
  return { ...conv, inputs: [x, draft.constant(changed), draft.constant(floats([channels], bias))] };
}

/**
 * `s * x * clip(x + 3, 0, 6) / 6 + b`, written by Paddle as six operations, as `x * clip(s/6 * x + s/2)`: the
 * factor is a convolution of each channel with itself, which takes its bounds along.
 * @param division the pattern's `/ 6`.
 */
function simplifyHardSwish(draft: OnnxDraft, division: DraftNode): void {
  const product = draft.producer(division.inputs[0]);
  const [x = '', clipped] = product?.op === 'Mul' ? product.inputs : [];
  const clip = draft.producer(clipped);
  const sum = draft.producer(clip?.inputs[0]);
  const source = draft.producer(x);
  if (product === undefined || clip?.op !== 'Clip' || sum?.op !== 'Add' || source?.op !== 'Conv') return;
  const numbers = [draft.scalar(division.inputs[1]), ...boundsOf(draft, clip), draft.scalar(sum.inputs[1])];
  if (numbers.join() !== '6,0,6,3' || sum.inputs[0] !== x) return;
  const channels = draft.floats(source.inputs[1])?.dims[0];
  if (channels === undefined) return;

  const pattern = [sum, clip, product, division];
  let output = division.output;
  const take = (op: 'Mul' | 'Add', neutral: number): number => {
    const node = draft.onlyConsumer(output);
    const [, value] = node?.op === op ? withScalar(draft, node) : [];
    if (node === undefined || value === undefined) return neutral;
    pattern.push(node);
    output = node.output;
    return value;
  };
  const factor = take('Mul', 1);
  const offset = take('Add', 0);

  const [gate, bounded] = [draft.fresh(), draft.fresh()];
  const shifted = offset !== 0 && !offsetIntoConsumers(draft, output, offset);
  const result = shifted ? draft.fresh() : output;
  draft.replace(pattern, [
    channelwise(draft, x, gate, channels, factor / 6, factor / 2),
    makeClip(draft, gate, bounded, Math.min(0, factor), Math.max(0, factor)),
    makeNode('Mul', [x, bounded], result, {}),
    ...(shifted ? [channelwise(draft, result, output, channels, 1, offset)] : []),
  ]);
}

/** Clip has its bounds as attributes before operator set 11, as inputs from then on. */
function boundsOf(draft: OnnxDraft, clip: DraftNode): (number | null | undefined)[] {
  if (draft.opset >= 11) return clip.inputs.slice(1).map((name) => draft.scalar(name));
  return ['min', 'max'].map((bound) => clip.attributes.find(({ name }) => name === bound)?.f);
}

function makeClip(draft: OnnxDraft, x: string, output: string, low: number, high: number): DraftNode {
  if (draft.opset < 11) return makeNode('Clip', [x], output, { min: { float: low }, max: { float: high } });
  const bounds = [low, high].map((bound) => draft.constant(floats([], [bound])));
  return makeNode('Clip', [x, ...bounds], output, {});
}

/** `factor * x + offset` as a convolution. */
function channelwise(
  draft: OnnxDraft,
  x: string,
  output: string,
  channels: number,
  factor: number,
  offset: number,
): DraftNode {
  const weights = draft.constant(floats([channels, 1, 1, 1], new Float32Array(channels).fill(factor)));
  const bias = draft.constant(floats([channels], new Float32Array(channels).fill(offset)));
  return makeNode('Conv', [x, weights, bias], output, { group: channels, ...singlePixel });
}

/**
 * Moves an addition past a tensor into the biases of its consumers, which must all be convolutions of single
 * pixels.
 */
function offsetIntoConsumers(draft: OnnxDraft, name: string, offset: number): boolean {
  const consumers = draft.consumers(name);
  const changed = consumers.map((conv) => {
    const pointwise = conv?.op === 'Conv' && numbersOf(conv, 'kernel_shape').every((side) => side === 1);
    if (conv === undefined || !pointwise) return undefined;
    return changedConv(draft, conv, (weights, bias) => {
      const size = weights.data.length / bias.length;
      const sums = bias.map((_, out) =>
        weights.data.subarray(out * size, (out + 1) * size).reduce((a, b) => a + b, 0),
      );
      return [weights, bias.map((entry, out) => entry + offset * (sums[out] ?? 0))];
    });
  });
  if (changed.includes(undefined)) return false;
  consumers.forEach((conv, index) => {
    const after = changed[index];
    if (conv !== undefined && after !== undefined) draft.replace([conv], [after]);
  });
  return true;
}

/**
 * The detector's end: two transposed convolutions of 2 x 2 at stride 2 with a normalisation between them.
 * Each output pixel depends on one input pixel only, so both can be computed at the small size, 16 values for
 * each pixel, which are then spread out as a 4 x 4 square.
 * @param sigmoid the network's last node.
 */
function flattenUpsampling(draft: OnnxDraft, sigmoid: DraftNode): void {
  const chain = chainBefore(draft, sigmoid, [
    'Add',
    'ConvTranspose',
    'Relu',
    'BatchNormalization',
    'Add',
    'ConvTranspose',
  ]);
  const [lastAdd, last, relu, norm, firstAdd, first] = chain ?? [];
  if (!lastAdd || !last || !relu || !norm || !firstAdd || !first) return;
  const [inner, outer] = [draft.floats(first.inputs[1]), draft.floats(last.inputs[1])];
  const [gamma, beta, mean, variance] = norm.inputs.slice(1).map((name) => draft.floats(name)?.data);
  const [innerBias, outerBias] = [draft.floats(firstAdd.inputs[1])?.data, draft.scalar(lastAdd.inputs[1])];
  if (!inner || !outer || !gamma || !beta || !mean || !variance || !innerBias || outerBias === undefined)
    return;
  const [inputs = 0, channels = 0] = inner.dims;
  const epsilon = norm.attributes.find(({ name }) => name === 'epsilon')?.f ?? 1e-5;

  const spread = new Float32Array(4 * channels * inputs);
  const spreadBias = new Float32Array(4 * channels);
  const gather = new Float32Array(16 * 4 * channels);
  for (let phase = 0; phase < 4; phase++) {
    for (let channel = 0; channel < channels; channel++) {
      const row = phase * channels + channel;
      const scale = (gamma[channel] ?? 0) / Math.sqrt((variance[channel] ?? 1) + epsilon);
      spreadBias[row] = ((innerBias[channel] ?? 0) - (mean[channel] ?? 0)) * scale + (beta[channel] ?? 0);
      for (let input = 0; input < inputs; input++) {
        spread[row * inputs + input] = (inner.data[(input * channels + channel) * 4 + phase] ?? 0) * scale;
      }
      for (let fine = 0; fine < 4; fine++) {
        const y = (phase >> 1) * 2 + (fine >> 1);
        const x = (phase & 1) * 2 + (fine & 1);
        gather[(y * 4 + x) * 4 * channels + row] = outer.data[channel * 4 + fine] ?? 0;
      }
    }
  }
  const [wide, active, values, map] = [draft.fresh(), draft.fresh(), draft.fresh(), draft.fresh()];
  const pointwise = (
    x: string,
    output: string,
    out: number,
    weights: Float32Array,
    bias: Float32Array,
  ): DraftNode => {
    const kernel = draft.constant(floats([out, weights.length / out, 1, 1], weights));
    return makeNode('Conv', [x, kernel, draft.constant(floats([out], bias))], output, {
      kernel_shape: [1, 1],
    });
  };
  draft.replace(
    [first, firstAdd, norm, relu, last, lastAdd, sigmoid],
    [
      pointwise(first.inputs[0] ?? '', wide, 4 * channels, spread, spreadBias),
      makeNode('Relu', [wide], active, {}),
      pointwise(active, values, 16, gather, new Float32Array(16).fill(outerBias)),
      makeNode('Sigmoid', [values], map, {}),
      makeNode('DepthToSpace', [map], sigmoid.output, { blocksize: 4, mode: 'DCR' }),
    ],
  );
}

/** The nodes that lead to a node, nearest first, when they are of the given operators. */
function chainBefore(draft: OnnxDraft, node: DraftNode, ops: readonly string[]): DraftNode[] | undefined {
  const chain: DraftNode[] = [];
  let current: DraftNode | undefined = node;
  for (const op of ops) {
    current = draft.producer(current.inputs[0]);
    if (current?.op !== op || draft.onlyConsumer(current.output) === undefined) return undefined;
    chain.push(current);
  }
  return chain;
}
