import { homedir } from 'node:os';
import { evaluationPermit } from '../../src/core/permit.ts';
import { defaultCacheDir } from '../../src/models/index.ts';
import { analyse } from '../../src/uses/redaction/analyse.ts';
import { checkLook, checkRendered } from '../../src/uses/redaction/check/index.ts';
import { startEngine, type Engine, type EngineOptions } from '../../src/uses/redaction/engine.ts';
import type { RedactionPlan } from '../../src/uses/redaction/plan.ts';
import { render } from '../../src/uses/redaction/render.ts';
import type { AnalyseRequest } from '../../src/uses/redaction/work.ts';
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
  fastWithoutTiles: {
    name: 'fast without tiles',
    profile: 'fast',
    effort: { ...efforts.fast, refinePersons: false, faceTile: false },
  },
  fast: { name: 'fast', profile: 'fast', effort: efforts.fast },
  standard: { name: 'standard', profile: 'standard', effort: efforts.standard },
  thorough: { name: 'thorough', profile: 'thorough', effort: efforts.thorough },
} as const satisfies Record<string, Variant>;

export function startVariant({ effort }: Variant): Promise<Engine> {
  return startEngine(engineOptions, { effort, models: [], words: [], patterns: [] });
}

/** Looks at a file and plans its redaction, as the worker does. */
export function analyseAs(
  variant: Variant,
  request: AnalyseRequest,
  engine: Engine,
): ReturnType<typeof analyse> {
  return analyse(request, { profile: variant.profile }, engine, {});
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
export function cpuPerFrame(cost: RedactionCost): number {
  return (cost.analyse.cpu + cost.render.cpu) / cost.frames;
}

/** Frames per second through analysis and rendering. */
export function framesPerSecond(cost: RedactionCost): number {
  return cost.frames / (cost.analyse.wall + cost.render.wall);
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
    await analyseAs(variant, { ...request, input: files.warmUp }, started);
    return started;
  });
  const { result: seen, ...analysing } = await costOf(() => analyseAs(variant, request, engine));
  await engine.close();
  const { plan } = seen;
  const { picture } = seen.analysis;
  const job = { input, plan, output, allowDamage: false, ...(picture === undefined ? {} : { picture }) };
  const { result, ...rendering } = await costOf(() => render(job, {}));
  return { startUp, analyse: analysing, render: rendering, frames: result.frames, plan };
}

/**
 * What checking a rendered video costs once every thread has its models.
 * @param warmUp a short file, checked first.
 */
export async function measureCheck(
  { output, warmUp }: { readonly output: string; readonly warmUp: string },
  plan: RedactionPlan,
): Promise<Cost> {
  const engine = await startEngine(engineOptions, checkLook(plan));
  try {
    await checkRendered({ output: warmUp, kind: 'video', plan }, engine, {});
    const { cpu, wall } = await costOf(() => checkRendered({ output, kind: 'video', plan }, engine, {}));
    return { cpu, wall };
  } finally {
    await engine.close();
  }
}
