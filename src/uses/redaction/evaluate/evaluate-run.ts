import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandOptions } from '../../../core/command.ts';
import { TidewaiterError } from '../../../core/errors.ts';
import { type ScatterPlot, scatterSvg, scatterText } from '../../../report/scatter.ts';
import { halfOf, photosOf, seedsOf } from '../../../scenes/halves.ts';
import { noPhotos, type PhotoSet, readPhotoSet } from '../../../scenes/photo-set.ts';
import { efforts } from '../../../vision/effort.ts';
import { engineOf, engineSchema } from '../../../host/engine-options.ts';
import { findProfile } from '../profile.ts';
import { type Contender, evaluate, type Evaluation } from './evaluate.ts';
import { paretoPlot } from './pareto.ts';
import { plainTable } from './plain-table.ts';
import { evaluationTables } from './table.ts';

const evaluateSchema = engineSchema.extend({
  photographs: z.string().optional(),
  faces: z.string().optional(),
  profile: z.array(z.string()).default(['fast', 'standard', 'thorough']),
  seeds: z
    .string()
    .regex(/^\d{1,7}-\d{1,7}$/, 'write two numbers, such as 1000-1079')
    .optional(),
  plot: z.string().optional(),
});

/** What the scenes were made from. */
interface Material {
  readonly half: string;
  readonly photographs: number;
  readonly faces: number;
  readonly firstSeed: number;
  readonly lastSeed: number;
}

/**
 * `tidewaiter redact evaluate`.
 * @returns the exit code.
 * @throws TidewaiterError `E_OPTION`, `E_PROFILE`, `E_PHOTOGRAPHS`, and what models refuse.
 */
export async function runEvaluate(given: CommandOptions, io: CommandIo): Promise<number> {
  const options = parseOptions(evaluateSchema, given);
  const seeds = options.seeds === undefined ? seedsOf('reporting') : parseSeeds(options.seeds);
  const contenders = options.profile.map(contenderOf);
  const half = halfOf(seeds[0]!);
  const photos = photosOf(half, await photosFrom(options));
  if (options.plot !== undefined) checkPlot(photos);
  const engine = await engineOf(options);
  const folder = await mkdtemp(join(tmpdir(), 'tidewaiter-evaluate-'));
  try {
    const hooks = { onProgress: io.progress, signal: io.signal };
    const evaluations = await evaluate({ contenders, seeds, photos, engine, folder }, hooks);
    const material: Material = {
      half,
      photographs: photos.photos.length,
      faces: photos.photos.reduce((sum, photo) => sum + photo.faces.length, 0),
      firstSeed: seeds[0]!,
      lastSeed: seeds.at(-1)!,
    };
    if (io.json) await io.emit('evaluation', { simulated: true, ...material, profiles: evaluations });
    else await io.stdout.write(reportText(evaluations, material));
    const plot = options.plot === undefined ? undefined : plotOf(evaluations);
    if (plot !== undefined) await writeFile(options.plot!, scatterSvg(plot));
    return exitCode.done;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function contenderOf(name: string): Contender {
  const profile = findProfile(name);
  return { name, profile: name, effort: efforts[profile.effort] };
}

const MOST_SEEDS = 1000;

function parseSeeds(text: string): number[] {
  const [from = 0, to = 0] = text.split('-').map(Number);
  if (to < from || to - from >= MOST_SEEDS) {
    throw new TidewaiterError(
      'E_OPTION',
      `--seeds ${text} does not name 1 to ${MOST_SEEDS} seeds in order`,
      'Write the first and the last one, such as 1000-1079.',
    );
  }
  if (halfOf(from) !== halfOf(to)) {
    throw new TidewaiterError(
      'E_OPTION',
      `--seeds ${text} mixes seeds that settings are chosen on with seeds to report on`,
      'Stay below 1000, or begin at 1000.',
    );
  }
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

async function photosFrom({ photographs, faces }: z.infer<typeof evaluateSchema>): Promise<PhotoSet> {
  if (photographs !== undefined) return readPhotoSet(photographs, faces ?? join(photographs, 'faces.json'));
  if (faces === undefined) return noPhotos;
  throw new TidewaiterError(
    'E_OPTION',
    '--faces says where faces are in photographs, but there are none',
    'Add --photographs with their folder.',
  );
}

function checkPlot(photos: PhotoSet): void {
  if (photos.photos.length > 0) return;
  throw new TidewaiterError(
    'E_OPTION',
    '--plot shows how faces are covered, but there are no photographs',
    'Add --photographs, or leave --plot out.',
  );
}

function reportText(evaluations: readonly Evaluation[], material: Material): string {
  const { half, firstSeed, lastSeed, photographs, faces } = material;
  const lines = [
    `Simulated: scenes of the seeds ${firstSeed}-${lastSeed} (for ${half}), composed from drawings`,
    faces === 0
      ? 'without photographs. Faces are not measured; give some with --photographs.'
      : `and ${photographs} photograph(s) with ${faces} face(s).`,
    'Covered means at least 95 % of a thing. Ranges are 95 % intervals; bounds are one-sided, 95 %.',
  ];
  for (const evaluation of evaluations) {
    const cost = evaluation.cpuPerFrame.toFixed(3);
    lines.push('', `${evaluation.name}: ${cost} processor seconds per frame to look and plan`);
    for (const table of evaluationTables(evaluation)) lines.push('', ...plainTable(table));
  }
  const plot = plotOf(evaluations);
  if (plot !== undefined) lines.push('', ...scatterText(plot));
  return `${lines.join('\n')}\n`;
}

function plotOf(evaluations: readonly Evaluation[]): ScatterPlot | undefined {
  return paretoPlot(
    evaluations.map((evaluation) => ({ evaluation, cpuPerFrame: evaluation.cpuPerFrame })),
    'look and plan',
  );
}
