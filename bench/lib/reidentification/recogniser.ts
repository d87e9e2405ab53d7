import type * as Ort from 'onnxruntime-node';
import {
  conv,
  input,
  maxPool,
  pad,
  relu,
  scale,
  shift,
  sum,
  type Padding,
} from '../../../src/models/convert/build.ts';
import { folded } from '../../../src/models/convert/fold.ts';
import { netToOnnx, type NetNode } from '../../../src/models/convert/net.ts';
import { floats, permuted, type FloatTensor } from '../../../src/models/convert/tensor.ts';
import { packageFile } from '../../../src/models/package-file.ts';
import { readWeights } from './recogniser-weights.ts';
import { loadRuntime } from '../../../src/models/runtime.ts';

const { InferenceSession, Tensor } = await loadRuntime();

/** Side of the square pictures that the recogniser takes. */
export const recogniserSide = 150;

/** Means of red, green and blue that the network was trained with (face-api 1.7.15, FaceRecognitionNet). */
const means = [122.782, 117.001, 104.298];

/** Residual blocks in order; `down` ones halve the picture. */
const blocks = [
  ...['conv32_1', 'conv32_2', 'conv32_3'],
  ...['conv64_down', 'conv64_1', 'conv64_2', 'conv64_3'],
  ...['conv128_down', 'conv128_1', 'conv128_2'],
  ...['conv256_down', 'conv256_1', 'conv256_2', 'conv256_down_out'],
];

/**
 * The attacker's network: dlib's face recognition ResNet (D. E. King, 99.38 % on Labeled Faces in the Wild) as the npm
 * package `@vladmandic/face-api` ships it, written as ONNX. Faces of one person lie closer together than 0.6.
 */
export class Recogniser {
  readonly #session: Ort.InferenceSession;

  private constructor(session: Ort.InferenceSession) {
    this.#session = session;
  }

  static async open(): Promise<Recogniser> {
    const name = 'model/face_recognition_model-weights_manifest.json';
    const manifest = packageFile('@vladmandic/face-api', name);
    if (manifest === undefined) throw new Error('The recogniser is not installed: @vladmandic/face-api');
    const bytes = netToOnnx(folded({ descriptor: descriptorNet(await readWeights(manifest)) }));
    return new Recogniser(
      await InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 }),
    );
  }

  /** 128 numbers that describe the face in packed RGB of 150 x 150 pixels. */
  async describe(rgb: Uint8Array): Promise<Float32Array> {
    const plane = recogniserSide ** 2;
    const values = new Float32Array(3 * plane);
    for (let i = 0; i < plane; i++) {
      for (let c = 0; c < 3; c++) values[c * plane + i] = (rgb[3 * i + c]! - means[c]!) / 255;
    }
    const image = new Tensor('float32', values, [1, 3, recogniserSide, recogniserSide]);
    const { descriptor } = await this.#session.run({ image });
    return Float32Array.from(descriptor?.data as Float32Array);
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}

type Weights = ReadonlyMap<string, FloatTensor>;

function descriptorNet(weights: Weights): NetNode {
  const image = input('image', [1, 3, recogniserSide, recogniserSide]);
  let x = relu('start', scaledConv(weights, 'conv32_down', image, 2, 'VALID'));
  x = maxPool('pool', x, [3, 3], [2, 2], 'VALID');
  for (const name of blocks) x = residual(weights, name, x);
  const [, channels = 1, height = 1, width = 1] = x.dims;
  const pooled = mean('average', x, height, width, 1);
  const { data } = need(weights, 'fc');
  const outputs = data.length / channels;
  const dense = permuted(floats([1, 1, channels, outputs], data), [3, 2, 0, 1]);
  return conv('fc', pooled, dense, undefined, 1, geometry(1, 'VALID'));
}

/** What halves pads by zeros to the size and the channels of the other branch, as the source does. */
function residual(weights: Weights, name: string, x: NetNode): NetNode {
  const halves = name.includes('down');
  const first = scaledConv(weights, `${name}/conv1`, x, halves ? 2 : 1, halves ? 'VALID' : 'SAME');
  const second = scaledConv(weights, `${name}/conv2`, relu(`${name}/relu1`, first), 1, 'SAME');
  const past = halves ? mean(`${name}/pool`, x, 2, 2, 2) : x;
  const dims = second.dims.map((size, axis) => Math.max(size, past.dims[axis] ?? 1));
  return relu(`${name}/relu2`, sum(`${name}/sum`, padded(past, dims), padded(second, dims)));
}

function padded(x: NetNode, dims: readonly number[]): NetNode {
  const after = dims.map((size, axis) => size - (x.dims[axis] ?? 1));
  return after.every((size) => size === 0) ? x : pad(`${x.name}/pad`, x, [0, 0, 0, 0], after);
}

/** Averages as a convolution of each channel with itself. */
function mean(name: string, x: NetNode, height: number, width: number, stride: number): NetNode {
  const channels = x.dims[1] ?? 1;
  const kernel = new Float32Array(channels * height * width).fill(1 / (height * width));
  const weights = floats([channels, 1, height, width], kernel);
  return conv(name, x, weights, undefined, channels, geometry(stride, 'VALID'));
}

function scaledConv(weights: Weights, name: string, x: NetNode, stride: number, padding: Padding): NetNode {
  const filters = permuted(need(weights, `${name}/conv/filters`), [3, 2, 0, 1]);
  const bias = need(weights, `${name}/conv/bias`);
  const plain = conv(name, x, filters, bias, 1, geometry(stride, padding));
  const scaled = scale(`${name}/scale`, plain, need(weights, `${name}/scale/weights`));
  return shift(`${name}/shift`, scaled, need(weights, `${name}/scale/biases`));
}

function geometry(stride: number, padding: Padding) {
  return { strides: [stride, stride], dilations: [1, 1], padding } as const;
}

function need(weights: Weights, name: string): FloatTensor {
  const tensor = weights.get(name);
  if (tensor === undefined) throw new Error(`the recogniser has no weights ${name}`);
  return tensor;
}
