import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import onnxProto from 'onnx-proto';
import type * as Ort from 'onnxruntime-node';
import { clipCache } from '../bench/lib/recall.ts';
import { engineOptions } from '../bench/lib/pipeline.ts';
import { packagePhotos } from '../material/faces.ts';
import type { PixelBox, Size } from '../src/core/box.ts';
import { openVideo, type VideoFrame } from '../src/media/video/index.ts';
import type { BuiltInModel } from '../src/models/built-in.ts';
import { cocoSsdlite } from '../src/models/builtin/coco.ts';
import { ppocrDetection } from '../src/models/builtin/text.ts';
import { builtInBytes } from '../src/models/cache.ts';
import { type Quantisation, quantised, ranged } from '../src/models/convert/quantise.ts';
import { photosOf, seedsOf } from '../src/scenes/halves.ts';
import { composeClips } from '../src/uses/redaction/evaluate/evaluate.ts';
import { fitCrop, inputDims, inputWriter } from '../src/vision/input.ts';
import { uprightTiles } from '../src/vision/tiles.ts';
import { loadRuntime } from '../src/models/runtime.ts';

const ort = await loadRuntime();

/**
 * Measures what values the tensors of built-in networks take on seeded scenes of the tuning half, and writes
 * assets/ranges/*.json, with which they are brought to whole numbers when they are converted. After a change the digests
 * of the cards change too.
 *
 *     node scripts/measure-ranges.ts             all networks
 *     node scripts/measure-ranges.ts coco-ssdlite
 */
interface Subject {
  readonly model: BuiltInModel;
  /** What the network is shown of a frame, and at which size. */
  looks(frame: Size): readonly (readonly [crop: PixelBox, size: Size])[];
  /**
   * Nodes whose rounding alone costs many times what that of any other costs: those behind the first pictures, where few
   * channels of very different sizes share one scale.
   */
  readonly float: readonly string[];
}

const subjects: readonly Subject[] = [
  {
    model: cocoSsdlite,
    looks: (frame) =>
      [whole(frame), ...uprightTiles(frame, 2)].map((crop) => [crop, { width: 300, height: 300 }]),
    float: ['t1', 't2', 't3', 't4'],
  },
  {
    model: ppocrDetection,
    looks: (frame) => [
      [whole(frame), { width: 640, height: 352 }],
      [whole(frame), { width: 1280, height: 736 }],
    ],
    float: [
      'conv2d_450.tmp_0',
      'p2o.Add.3',
      'tidewaiter_112',
      'tidewaiter_113',
      'p2o.Add.7',
      'p2o.Add.11',
      'tidewaiter_120',
      'tidewaiter_121',
      'tidewaiter_122',
      'p2o.Add.15',
      'p2o.Add.19',
      'p2o.Add.23',
      'tidewaiter_129',
      'tidewaiter_130',
      'tidewaiter_131',
      'p2o.Add.27',
      'p2o.Add.31',
      'tidewaiter_138',
      'tidewaiter_139',
      'p2o.Add.35',
      'p2o.Add.39',
      'tidewaiter_146',
      'tidewaiter_147',
      'tidewaiter_150',
      'p2o.Add.43',
    ],
  },
];

const CLIPS = 12;
/** Frames apart: pictures next to each other say the same. */
const APART = 16;
/**
 * Shares of the pictures whose values all lie in the ranges. What a few pictures reach beyond is cut off, which costs
 * less than coarser steps for all others; which share costs least is tried.
 */
const SHARES = [1, 0.95, 0.85, 0.7, 0.5];

const { onnx } = onnxProto;
const wanted = process.argv.slice(2);
for (const subject of subjects) {
  const { id } = subject.model.card;
  if (wanted.length > 0 && !wanted.includes(id)) continue;
  const bytes = await builtInBytes(subject.model, engineOptions.cacheDir);
  const extremes = await extremesOf(subject, bytes);
  const tried: { quantisation: Quantisation; noise: number }[] = [];
  for (const share of SHARES) {
    const quantisation = { float: [...subject.float], ranges: rangesOf(extremes, share) };
    const noises = await noiseOf(subject, bytes, quantisation);
    tried.push({ quantisation, noise: Math.max(...Object.values(noises)) });
    const said = Object.entries(noises).map(([name, noise]) => `${name} ${(noise * 100).toFixed(2)} %`);
    console.log(`${id}, ranges of ${share * 100} % of the pictures: noise in ${said.join(', ')}`);
  }
  const best = tried.reduce((least, other) => (other.noise < least.noise ? other : least));
  const target = fileURLToPath(new URL(`../assets/ranges/${id}.json`, import.meta.url));
  writeFileSync(target, `${JSON.stringify(best.quantisation, null, 2)}\n`);
}

interface Extremes {
  readonly lows: number[];
  readonly highs: number[];
}

/** Lowest and highest value, in each picture, of the input and of each tensor of floats that a node computes. */
async function extremesOf(subject: Subject, bytes: Uint8Array): Promise<Map<string, Extremes>> {
  const names = tensorsOf(bytes);
  const session = await ort.InferenceSession.create(withOutputs(bytes, names));
  const [input = ''] = session.inputNames;
  const extremes = new Map<string, Extremes>(
    [input, ...names].map((name) => [name, { lows: [], highs: [] }]),
  );
  for await (const picture of pictures(subject)) {
    const results = { ...(await session.run({ [input]: picture })), [input]: picture };
    for (const [name, { lows, highs }] of extremes) {
      const values = results[name]?.data as Float32Array;
      lows.push(values.reduce((low, value) => Math.min(low, value), 0));
      highs.push(values.reduce((high, value) => Math.max(high, value), 0));
    }
  }
  await session.release();
  return extremes;
}

function rangesOf(extremes: ReadonlyMap<string, Extremes>, share: number): Quantisation['ranges'] {
  const reached = (values: readonly number[]): number => {
    const sorted = values.toSorted((a, b) => Math.abs(a) - Math.abs(b));
    return Number((sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toPrecision(5));
  };
  return Object.fromEntries(
    [...extremes].map(([name, { lows, highs }]) => [name, [reached(lows), reached(highs)]]),
  );
}

function tensorsOf(bytes: Uint8Array): string[] {
  const { graph } = onnx.ModelProto.decode(bytes);
  const given = new Set(graph?.output?.map(({ name }) => name));
  const nodes = graph?.node?.filter(({ opType }) => ranged.has(opType ?? '')) ?? [];
  return nodes.flatMap(({ output }) => output ?? []).filter((name) => !given.has(name));
}

function withOutputs(bytes: Uint8Array, names: readonly string[]): Uint8Array {
  const model = onnx.ModelProto.decode(bytes);
  const type = { tensorType: { elemType: onnx.TensorProto.DataType.FLOAT } };
  model.graph?.output?.push(...names.map((name) => ({ name, type })));
  return onnx.ModelProto.encode(model).finish();
}

/** Tensors as the network is given them. */
async function* pictures({ model, looks }: Subject): AsyncGenerator<Ort.TypedTensor<'float32'>> {
  const photos = photosOf('tuning', packagePhotos);
  const clips = await composeClips({ seeds: seedsOf('tuning', CLIPS), photos, folder: clipCache('tuning') });
  for (const { path } of clips) {
    const video = await openVideo(path);
    for await (const frame of video.frames()) {
      if (frame.index % APART !== 0) continue;
      for (const [crop, size] of looks(frame)) yield tensorOf(model, frame, crop, size);
    }
  }
}

function tensorOf(
  { card: { input } }: BuiltInModel,
  frame: VideoFrame,
  crop: PixelBox,
  size: Size,
): Ort.TypedTensor<'float32'> {
  const data = new Uint8Array(size.width * size.height * 3);
  const { x, y, width, height } = fitCrop(input, crop, size);
  frame.readRgb(crop, width, height, data, (y * size.width + x) * 3, size.width * 3);
  const dims = inputDims(input, size);
  const target = new Float32Array(data.length);
  inputWriter(input)({ ...size, data }, target);
  return new ort.Tensor('float32', target, dims);
}

function whole({ width, height }: Size): PixelBox {
  return { x: 0, y: 0, width, height };
}

/** Power of what rounding changes in each output, as a share of the output's own. */
async function noiseOf(
  subject: Subject,
  bytes: Uint8Array,
  quantisation: Quantisation,
): Promise<Record<string, number>> {
  const exact = await ort.InferenceSession.create(bytes);
  const rounded = await ort.InferenceSession.create(quantised(bytes, quantisation));
  const powers = Object.fromEntries(exact.outputNames.map((name) => [name, { signal: 0, noise: 0 }]));
  for await (const picture of pictures(subject)) {
    const feeds = { [exact.inputNames[0] ?? '']: picture };
    const [expected, got] = [await exact.run(feeds), await rounded.run(feeds)];
    for (const [name, power] of Object.entries(powers)) {
      const other = got[name]?.data as Float32Array;
      (expected[name]?.data as Float32Array).forEach((value, at) => {
        power.signal += value ** 2;
        power.noise += (value - (other[at] ?? NaN)) ** 2;
      });
    }
  }
  await Promise.all([exact.release(), rounded.release()]);
  return Object.fromEntries(
    Object.entries(powers).map(([name, { signal, noise }]) => [name, noise / signal]),
  );
}
