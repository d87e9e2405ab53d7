import { charter } from '../../src/uses/redaction/charter.ts';
import { openVideo, renderVideo, type VideoReader } from '../../src/media/video/index.ts';
import { openModel, type ModelSession } from '../../src/models/index.ts';
import { buildPlan } from '../../src/uses/redaction/build-plan.ts';
import { drawPlan } from '../../src/uses/redaction/draw-plan.ts';
import type { Engine } from '../../src/uses/redaction/engine.ts';
import { usualEncoding, type RedactionPlan } from '../../src/uses/redaction/plan.ts';
import { propose } from '../../src/uses/redaction/propose.ts';
import { checkedProfile } from '../../src/uses/redaction/settings.ts';
import { RegionTimeline } from '../../src/uses/redaction/timeline.ts';
import { findCodes } from '../../src/vision/codes.ts';
import { cautiousFaces, cautiousTracking, type EffortSettings } from '../../src/vision/effort.ts';
import { inputDims, inputWriter } from '../../src/vision/input.ts';
import { ModelRunner } from '../../src/vision/model-runner.ts';
import { observeClip, type ClipObservations } from '../../src/vision/observe.ts';
import { trackText } from '../../src/vision/text-tracks.ts';
import { trackTwoWay } from '../../src/vision/track/two-way.ts';
import { costOf } from './cpu.ts';
import { engineOptions, startVariant, type Variant } from './pipeline.ts';
import { recordReads, recordRuns, type RecordedRead, type RecordedRun } from './recording.ts';

/** All that a redaction of one clip does, to be done again part by part. */
export interface RecordedWork {
  readonly input: string;
  readonly clip: ClipObservations;
  readonly reads: ReadonlyMap<number, readonly RecordedRead[]>;
  readonly runs: readonly RecordedRun[];
  readonly models: Engine['models'];
}

/** Looks at a clip as the use does, and notes what was read and which models ran. */
export async function recordWork(input: string, variant: Variant): Promise<RecordedWork> {
  const engine = await startVariant(variant);
  const recorder = recordRuns();
  try {
    const reader = await openVideo(input);
    const reads = new Map<number, RecordedRead[]>();
    const frames = recordReads(reader.frames({ threads: 1 }), reads);
    const clip = await observeClip(frames, reader.info.size, engine.detector, engine.effort, { parallel: 3 });
    return { input, clip, reads, runs: recorder.runs, models: engine.models };
  } finally {
    recorder.stop();
    await engine.close();
  }
}

/** Processor seconds of decoding alone, and of decoding with all that was read. */
export async function decodeStages({
  input,
  reads,
}: RecordedWork): Promise<{ decode: number; scale: number }> {
  const reader = await openVideo(input);
  const decode = await costOf(() => readThrough(reader, new Map()));
  const both = await costOf(() => readThrough(reader, reads));
  return { decode: decode.cpu, scale: both.cpu - decode.cpu };
}

async function readThrough(reader: VideoReader, reads: RecordedWork['reads']): Promise<void> {
  for await (const frame of reader.frames({ threads: 1 })) {
    for (const read of reads.get(frame.index) ?? []) read(frame);
  }
}

/** Processor seconds of reading bar codes in the frames in which text was looked for, their luma being at hand. */
export async function codeStage({ input, clip }: RecordedWork, { text }: EffortSettings): Promise<number> {
  if (text === undefined) return 0;
  const looked = new Set(clip.textLooks.map(({ frame }) => frame));
  const options = { maxSide: text.codesMaxSide, inverted: text.invertedCodes };
  let cpu = 0;
  for await (const frame of (await openVideo(input)).frames({ threads: 1 })) {
    if (!looked.has(frame.index)) continue;
    const { width, height } = frame;
    const luma = frame.readLuma(width, height);
    const source = { width, height, readLuma: () => luma, readRgb: () => undefined };
    cpu += (await costOf(() => findCodes(source, options))).cpu;
  }
  return cpu;
}

/**
 * Processor seconds of all runs, in this thread and in the order in which they were asked for, as weights of one network push
 * those of another out of the caches: the networks alone, and what turns pixels to numbers and back.
 */
export async function modelStages({ runs }: RecordedWork): Promise<{ networks: number; around: number }> {
  const [now, ids] = [new Date(), [...new Set(runs.map(({ modelId }) => modelId))]];
  const networks = await bareRuns(ids, runs, now);
  const { permit, cacheDir } = engineOptions;
  const settings = {
    ...{ models: ids.map((id) => ({ id, threshold: 0.1 })), permit, now, use: charter.use, cacheDir },
  };
  const runners = new Map<string, ModelRunner>();
  for (const id of ids) runners.set(id, await ModelRunner.open(id, settings));
  await repeat(runners, firstOfEach(ids, runs));
  const whole = (await costOf(() => repeat(runners, runs))).cpu;
  for (const runner of runners.values()) await runner.close();
  return { networks, around: whole - networks };
}

async function bareRuns(ids: readonly string[], runs: readonly RecordedRun[], now: Date): Promise<number> {
  const { permit, cacheDir } = engineOptions;
  const sessions = new Map<string, ModelSession>();
  for (const id of ids)
    sessions.set(id, await openModel(id, permit, { now, use: charter.use, cacheDir, threshold: 0.1 }));
  const run = async ({ modelId, image }: RecordedRun): Promise<number> => {
    const session = sessions.get(modelId)!;
    const { input } = session.card;
    const dims = inputDims(input, image);
    const data = new Float32Array(dims.reduce((product, side) => product * side, 1));
    inputWriter(input)(image, data);
    return (await costOf(() => session.run({ [input.name]: { data, dims } }))).cpu;
  };
  for (const first of firstOfEach(ids, runs)) await run(first);
  let cpu = 0;
  for (const each of runs) cpu += await run(each);
  for (const session of sessions.values()) await session.close();
  return cpu;
}

function firstOfEach(ids: readonly string[], runs: readonly RecordedRun[]): RecordedRun[] {
  return ids.map((id) => runs.find(({ modelId }) => modelId === id)!);
}

async function repeat(
  runners: ReadonlyMap<string, ModelRunner>,
  runs: readonly RecordedRun[],
): Promise<void> {
  for (const { modelId, work, image, options } of runs) {
    const runner = runners.get(modelId)!;
    if (work === 'detect') await runner.detect(image, options);
    else if (work === 'detectText') await runner.detectText(image, options.threshold);
    else await runner.readText(image);
  }
}

/** Processor seconds of following what was seen and of planning what to cover. */
export async function planStage({ clip, models }: RecordedWork, plan: RedactionPlan): Promise<number> {
  const settings = { profile: plan.profile };
  const work = (): RedactionPlan => {
    const trajectories = trackTwoWay(clip.log, cautiousTracking, { face: cautiousFaces });
    const texts = trackText(clip.textLooks, clip.cuts, clip);
    return buildPlan(propose({ trajectories, texts }), settings, checkedProfile(settings), {
      source: plan.source,
      first: clip.first,
      last: clip.last,
      models,
      chosenClasses: [],
      container: plan.output.container,
    });
  };
  return (await costOf(work)).cpu;
}

/** Processor seconds of rendering with nothing drawn, and of drawing all that the plan says. */
export async function renderStages(
  { input }: RecordedWork,
  plan: RedactionPlan,
  output: string,
): Promise<{ render: number; draw: number }> {
  const times: number[] = [];
  const render = await costOf(() =>
    renderVideo({ ...renderJob(input, output, plan), draw: (_surface, { time }) => void times.push(time) }),
  );
  return { render: render.cpu, draw: await drawCost(input, `${output}.drawn.mp4`, plan, times) };
}

/** All is drawn on the first frame, before the encoder has anything to do; then the rendering is ended. */
async function drawCost(
  input: string,
  output: string,
  plan: RedactionPlan,
  times: readonly number[],
): Promise<number> {
  let cpu = 0;
  const enough = new Error('drawn');
  const draw = async (surface: Parameters<typeof drawPlan>[0]): Promise<void> => {
    const timeline = new RegionTimeline(plan);
    const cost = await costOf(() => {
      for (const time of times) drawPlan(surface, plan, timeline.at(time));
    });
    cpu = cost.cpu;
    throw enough;
  };
  await renderVideo({ ...renderJob(input, output, plan), draw }).catch((error: unknown) => {
    if (error !== enough) throw error;
  });
  return cpu;
}

function renderJob(input: string, output: string, plan: RedactionPlan) {
  const usual = usualEncoding;
  const { videoCodec = usual.videoCodec, crf = usual.crf, preset = usual.preset } = plan.output;
  const { encoderThreads = usual.encoderThreads } = plan.output;
  const video = { codec: videoCodec, crf, preset, threads: encoderThreads };
  return { input, output, video, audio: { mode: 'keep' as const } };
}
