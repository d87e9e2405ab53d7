import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../src/stats/index.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { makeClip } from './lib/clips.ts';
import { cpuPerFrame, framesPerSecond, measureRedaction, variants, type Variant } from './lib/pipeline.ts';
import { codeStage, decodeStages, modelStages, planStage, recordWork, renderStages } from './lib/stages.ts';
import { formatAll } from './lib/statistics.ts';
import { printTable, verdict } from './lib/table.ts';

/** Least shares that the work itself must have of the whole, and the machine's two cores of the wall clock. */
const cpuGoal = 0.92;
const wallGoal = 0.9;
/** The rate limit of a pipeline is two cores' worth of processor time. */
const cores = 2;
/** A shared machine is a tenth quicker in one minute than in the next: shares are of one repeat, and their median is told. */
const repeats = 7;

/** How much of the pipeline's processor time is work that cannot be spared, and how much of two cores it uses. */
export const bench: Bench = {
  title: 'Efficiency: bare stages beside the pipeline',
  run: async (context) => {
    const clip = join(context.folder, 'clip.mp4');
    const warmUp = join(context.folder, 'warm-up.mp4');
    makeClip(clip, context.short ? 9 : 480);
    makeClip(warmUp, context.short ? 3 : 25);
    for (const variant of [variants.fast, variants.standard]) await measure(variant, clip, warmUp, context);
  },
};

/** Processor seconds by stage; the names are the rows of the table. */
type Stages = Record<string, number>;

async function measure(
  variant: Variant,
  clip: string,
  warmUp: string,
  { short, folder, print }: BenchContext,
): Promise<void> {
  const output = join(folder, 'out.mp4');
  const work = await recordWork(clip, variant);
  const stages: Stages[] = [];
  const cpus: number[] = [];
  const rates: number[] = [];
  for (let repeat = 0; repeat < (short ? 1 : repeats); repeat += 1) {
    const cost = await measureRedaction({ input: clip, warmUp, output, kind: 'video' }, variant);
    rmSync(output);
    cpus.push(cpuPerFrame(cost));
    rates.push(framesPerSecond(cost));
    const { decode, scale } = await decodeStages(work);
    const { networks, around } = await modelStages(work);
    const { render, draw } = await renderStages(work, cost.plan, output);
    rmSync(output);
    stages.push({
      'decode, once to analyse and once to render': 2 * decode,
      'scale and crop for the looks': scale,
      [`${work.runs.length} runs of networks`]: networks,
      'pixels to tensors, tensors to boxes and text': around,
      'bar codes': await codeStage(work, variant.effort),
      'follow, propose, plan': await planStage(work, cost.plan),
      draw: draw,
      'encode, copy sound, write (render without drawing, less decode)': render - decode,
    });
  }
  report(variant.name, work.clip.frames, stages, cpus, rates, print);
}

function report(
  name: string,
  frames: number,
  stages: readonly Stages[],
  cpus: readonly number[],
  rates: readonly number[],
  print: (line: string) => void,
): void {
  const names = Object.keys(stages[0] ?? {});
  const perFrame = (stage: string): number[] => stages.map((of) => ((of[stage] ?? 0) / frames) * 1000);
  const sums = stages.map((of) => Object.values(of).reduce((sum, cpu) => sum + cpu, 0) / frames);
  printTable(
    print,
    [`${name}, ${frames} frames: stage alone`, 'CPU-ms per frame'],
    [
      ...names.map((stage) => [stage, formatAll(perFrame(stage), 2)]),
      [
        'sum of stages',
        formatAll(
          sums.map((sum) => sum * 1000),
          2,
        ),
      ],
      [
        'pipeline, analyse + render',
        formatAll(
          cpus.map((cpu) => cpu * 1000),
          2,
        ),
      ],
    ],
  );
  const cpuShares = sums.map((sum, repeat) => sum / (cpus[repeat] ?? Number.NaN));
  const wallShares = rates.map((rate, repeat) => (rate * (cpus[repeat] ?? Number.NaN)) / cores);
  printTable(
    print,
    [`${name}: efficiency`, 'measured', 'limit', 'kept', 'prototype'],
    [
      [
        'sum of bare stages / pipeline CPU',
        formatAll(cpuShares, 3),
        `>= ${cpuGoal}`,
        verdict(median(cpuShares) >= cpuGoal),
        '.94-1.02',
      ],
      [
        `fps / (2000 / CPU-ms), at ${formatAll(rates, 1)} fps`,
        formatAll(wallShares, 3),
        `>= ${wallGoal}`,
        verdict(median(wallShares) >= wallGoal),
        '.97',
      ],
    ],
  );
}
