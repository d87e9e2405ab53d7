import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportProgress } from '../../../core/progress.ts';
import { type ClipTruth, writeClip } from '../../../scenes/clip/clip.ts';
import type { PhotoSet } from '../../../scenes/photo-set.ts';
import { recipeOf } from '../../../scenes/recipe.ts';
import { composeScene } from '../../../scenes/scene.ts';
import type { EffortSettings } from '../../../vision/effort.ts';
import { analyse } from '../analyse.ts';
import { type Engine, type EngineOptions, startEngine } from '../engine.ts';
import type { RedactionPlan } from '../plan.ts';
import { type ClassScore, overRedaction, type OverRedaction, scoreClasses } from './score.ts';
import { type ClipJudgement, judgeClip, planMasks } from './sightings.ts';

/** A way to redact that is measured. */
export interface Contender {
  readonly name: string;
  /** Name of a profile: what is covered. */
  readonly profile: string;
  /** How hard is looked. */
  readonly effort: EffortSettings;
  /** Classes that are covered instead of the profile's. */
  readonly classes?: readonly string[];
}

export interface EvaluationRequest {
  readonly contenders: readonly Contender[];
  /** Each gives one clip. */
  readonly seeds: readonly number[];
  readonly photos: PhotoSet;
  readonly engine: EngineOptions;
  /** Clips are taken from here, and written here when they are missing: a folder for one set of photographs. */
  readonly folder: string;
}

export interface EvaluationHooks {
  readonly onProgress?: ReportProgress;
  readonly signal?: AbortSignal;
  /** Called with each plan, its clip and its judgement, so that more can be measured on them. */
  readonly onClip?: (clip: ComposedClip, plan: RedactionPlan, judgement: ClipJudgement) => Promise<void>;
}

/** A clip on disk and what is known about it. */
export interface ComposedClip {
  readonly name: string;
  readonly path: string;
  readonly truth: ClipTruth;
}

/** How one contender did. All of it is simulated. */
export interface Evaluation {
  readonly name: string;
  readonly profile: string;
  readonly clips: number;
  readonly frames: number;
  /** Processor seconds per frame of all threads: decoding, looking, tracking and planning, without drawing. */
  readonly cpuPerFrame: number;
  readonly classes: readonly ClassScore[];
  /** Masks of faces and heads outside of faces and heads; absent without any. */
  readonly overPeople?: OverRedaction;
  /** Masks of text, plates and codes outside of these; absent when the profile covers none. */
  readonly overWriting?: OverRedaction;
}

/** Composes the clips, redacts them with every contender as far as the plan, and compares the plans with the truth. */
export async function evaluate(
  request: EvaluationRequest,
  hooks: EvaluationHooks = {},
): Promise<Evaluation[]> {
  const clips = await composeClips(request, hooks);
  const evaluations: Evaluation[] = [];
  for (const contender of request.contenders) {
    evaluations.push(await evaluateOne(contender, clips, request.engine, hooks));
  }
  return evaluations;
}

/** The clips of the seeds, in their order. */
export async function composeClips(
  { seeds, photos, folder }: Pick<EvaluationRequest, 'seeds' | 'photos' | 'folder'>,
  { onProgress, signal }: EvaluationHooks = {},
): Promise<ComposedClip[]> {
  await mkdir(folder, { recursive: true });
  const clips: ComposedClip[] = [];
  for (const seed of seeds) {
    signal?.throwIfAborted();
    clips.push(await composeClip(seed, photos, folder));
    onProgress?.({ stage: 'compose', done: clips.length, total: seeds.length, unit: 'clips' });
  }
  return clips;
}

async function composeClip(seed: number, photos: PhotoSet, folder: string): Promise<ComposedClip> {
  const name = `seed-${seed}`;
  const path = join(folder, `${name}.mp4`);
  const truthPath = join(folder, `${name}.truth.json`);
  if (!existsSync(path)) {
    const { scene, crf } = recipeOf(seed, photos);
    // The clip gets its name when it is whole, so that a stopped run leaves nothing that looks like one.
    const unfinished = join(folder, `unfinished-${process.pid}-${name}.mp4`);
    await writeClip(await composeScene(scene), unfinished, { crf, audio: false, truthPath });
    await rename(unfinished, path);
  }
  return { name, path, truth: JSON.parse(await readFile(truthPath, 'utf8')) as ClipTruth };
}

async function evaluateOne(
  contender: Contender,
  clips: readonly ComposedClip[],
  options: EngineOptions,
  { onProgress, signal, onClip }: EvaluationHooks,
): Promise<Evaluation> {
  const { name, profile, effort } = contender;
  const engine = await startEngine(options, { effort, models: [], words: [], patterns: [] });
  const judged: ClipJudgement[] = [];
  let [cpu, frames] = [0, 0];
  try {
    for (const clip of clips) {
      const before = process.cpuUsage();
      const plan = await planClip(clip, contender, engine, signal);
      const { user, system } = process.cpuUsage(before);
      // The first clip also starts threads and loads models, which a long video pays once.
      if (judged.length > 0 || clips.length === 1) {
        cpu += (user + system) / 1e6;
        frames += clip.truth.frames.length;
      }
      const judgement = judgeClip(clip.name, clip.truth, planMasks(plan));
      judged.push(judgement);
      await onClip?.(clip, plan, judgement);
      onProgress?.({ stage: name, done: judged.length, total: clips.length, unit: 'clips' });
    }
  } finally {
    await engine.close();
  }
  const writing = effort.text !== undefined;
  const overPeople = overRedaction(judged.map((clip) => clip.people));
  const overWriting = writing ? overRedaction(judged.map((clip) => clip.writing)) : undefined;
  return {
    name,
    profile,
    clips: clips.length,
    frames: judged.reduce((sum, clip) => sum + clip.frames, 0),
    cpuPerFrame: cpu / frames,
    classes: scoreClasses(judged).filter((score) => writing || people.has(score.class)),
    ...(overPeople === undefined ? {} : { overPeople }),
    ...(overWriting === undefined ? {} : { overWriting }),
  };
}

const people: ReadonlySet<string> = new Set(['face', 'head']);

async function planClip(
  { path }: ComposedClip,
  { profile, classes }: Contender,
  engine: Engine,
  signal: AbortSignal | undefined,
): Promise<RedactionPlan> {
  const { plan } = await analyse(
    { input: path, kind: 'video', container: 'mp4', allowDamage: false },
    { profile, ...(classes === undefined ? {} : { classes }) },
    engine,
    signal === undefined ? {} : { signal },
  );
  return plan;
}
