import { homedir } from 'node:os';
import { evaluationPermit } from '../../src/core/permit.ts';
import { defaultCacheDir } from '../../src/models/index.ts';
import { observe, type AnalyseRequest } from '../../src/uses/redaction/analyse.ts';
import { buildPlan } from '../../src/uses/redaction/build-plan.ts';
import { startEngine, type Engine, type EngineOptions } from '../../src/uses/redaction/engine.ts';
import type { RedactionPlan } from '../../src/uses/redaction/plan.ts';
import { propose } from '../../src/uses/redaction/propose.ts';
import { render } from '../../src/uses/redaction/render.ts';
import { checkedProfile } from '../../src/uses/redaction/settings.ts';
import { efforts, type EffortSettings } from '../../src/vision/effort.ts';
import { costOf, type Cost } from './cpu.ts';

/** As the command line has it by default. */
export const engineOptions: EngineOptions = {
  permit: evaluationPermit,
  cacheDir: defaultCacheDir(process.env, homedir()),
  threads: 2,
};

/** A way to redact: which classes are covered, and how hard is looked. */
export interface Variant {
  readonly name: string;
  readonly profile: string;
  readonly effort: EffortSettings;
}

export const variants = {
  fastWithoutSecondLook: {
    name: 'fast without the second look',
    profile: 'fast',
    effort: { ...efforts.fast, refinePersons: false },
  },
  fast: { name: 'fast', profile: 'fast', effort: efforts.fast },
  standard: { name: 'standard', profile: 'standard', effort: efforts.standard },
  thorough: { name: 'thorough', profile: 'thorough', effort: efforts.thorough },
} as const satisfies Record<string, Variant>;

export function startVariant({ effort }: Variant): Promise<Engine> {
  return startEngine(engineOptions, { effort, models: [], words: [], patterns: [] });
}

/** Looks at a file and plans its redaction, as the worker does. */
export async function planFor(
  request: AnalyseRequest,
  variant: Variant,
  engine: Engine,
): Promise<RedactionPlan> {
  const settings = { profile: variant.profile };
  const { followed, ...analysis } = await observe(request, engine, {});
  return buildPlan(propose(followed), settings, checkedProfile(settings), {
    ...analysis,
    models: engine.models,
    chosenClasses: engine.chosenClasses,
    container: request.container,
  });
}

/** What one redaction in this process cost, part by part. */
export interface RedactionCost {
  /** Starting threads, loading models on each of them, compiling what is used: what a longer file pays once. */
  readonly startUp: Cost;
  readonly analyse: Cost;
  readonly render: Cost;
  readonly frames: number;
  readonly plan: RedactionPlan;
}

/** Processor seconds of analysis and rendering per frame. */
export function cpuPerFrame({ analyse, render: rendering, frames }: RedactionCost): number {
  return (analyse.cpu + rendering.cpu) / frames;
}

/** Frames per second through analysis and rendering. */
export function framesPerSecond({ analyse, render: rendering, frames }: RedactionCost): number {
  return frames / (analyse.wall + rendering.wall);
}

/**
 * Redacts a file and measures it.
 * @param warmUp a short file of the same kind, looked at first so that every thread has its models.
 */
export async function measureRedaction(
  files: {
    readonly input: string;
    readonly warmUp: string;
    readonly output: string;
    readonly kind: 'video' | 'picture';
  },
  variant: Variant,
): Promise<RedactionCost> {
  const { input, output, kind } = files;
  const container = output.slice(output.lastIndexOf('.') + 1);
  const request = { input, kind, container, allowDamage: false };
  const { result: engine, ...startUp } = await costOf(async () => {
    const started = await startVariant(variant);
    await planFor({ ...request, input: files.warmUp }, variant, started);
    return started;
  });
  const { result: plan, ...analyse } = await costOf(() => planFor(request, variant, engine));
  await engine.close();
  const { result, ...rendering } = await costOf(() =>
    render({ input, plan, output, allowDamage: false }, {}),
  );
  return { startUp, analyse, render: rendering, frames: result.frames, plan };
}
