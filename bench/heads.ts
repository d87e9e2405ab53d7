import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { area, type PixelBox } from '../src/core/box.ts';
import { boxOnPath } from '../src/core/path.ts';
import { Random } from '../src/core/random.ts';
import { clusterBootstrapInterval } from '../src/stats/index.ts';
import { observe } from '../src/uses/redaction/analyse.ts';
import { findProfile } from '../src/uses/redaction/profile.ts';
import type { Proposal } from '../src/uses/redaction/proposal.ts';
import { propose } from '../src/uses/redaction/propose.ts';
import { pedestrianClip, sharedData } from '../test/needs.ts';
import type { Bench } from './lib/bench.ts';
import { startVariant, variants, type Variant } from './lib/pipeline.ts';
import { printTable } from './lib/table.ts';

/**
 * Heads of the annotated persons of PETS09-S2L1 that the regions of a profile cover. A head is the top 14 % of a
 * person's box and 12 % of its height wide, centred; covered means at least 95 % of its area.
 */
export const bench: Bench = {
  title: 'Heads covered: PETS09-S2L1, persons of 60 pixels and more',
  run: async ({ short, print }) => {
    if (!existsSync(sharedData)) {
      print('Not measured: the annotations are not on this machine.');
      print('');
      return;
    }
    const rows: string[][] = [];
    for (const variant of short ? [variants.fast] : [variants.fast, variants.standard, variants.thorough]) {
      rows.push([variant.name, ...cells(await headRecall(variant))]);
    }
    printTable(
      print,
      [
        'profile',
        'heads covered (95 % interval over persons)',
        'persons exposed',
        'longest run, frames',
        'masked outside heads, in areas of heads',
        'regions',
      ],
      rows,
    );
  },
};

function cells({ sightings, masked, truth, regions }: HeadRecall): string[] {
  const persons = [...sightings.values()];
  const all = persons.flat();
  const recall = (heads: readonly Sighting[]): number =>
    heads.filter(({ covered }) => covered).length / heads.length;
  // Frames of one person tell less than frames of several: whole persons are drawn.
  const { low, high } = clusterBootstrapInterval(persons, recall, {
    random: new Random('heads'),
    resamples: 500,
  });
  const percent = (share: number): string => (100 * share).toFixed(1);
  const exposed = persons.filter((heads) => heads.some(({ covered }) => !covered));
  return [
    `${percent(recall(all))} % (${percent(low)}-${percent(high)}) of ${all.length}`,
    `${exposed.length} of ${persons.length}`,
    String(Math.max(0, ...persons.map(longestRun))),
    (masked / truth - 1).toFixed(2),
    String(regions),
  ];
}

interface Person {
  readonly id: number;
  readonly box: PixelBox;
}

function annotatedPersons(): Map<number, Person[]> {
  const rows = readFileSync(join(sharedData, 'watch/PETS09-S2L1/gt.txt'), 'utf8').trim().split('\n');
  const frames = new Map<number, Person[]>();
  for (const row of rows) {
    const [frame = 0, id = 0, x = 0, y = 0, width = 0, height = 0, flag = 0] = row.split(',').map(Number);
    if (flag === 0 || height < 60) continue;
    const list = frames.get(frame - 1) ?? [];
    list.push({ id, box: { x, y, width, height } });
    frames.set(frame - 1, list);
  }
  return frames;
}

function headOf({ x, y, width, height }: PixelBox): PixelBox {
  const w = height * 0.12;
  return { x: x + width / 2 - w / 2, y, width: w, height: height * 0.14 };
}

const GRID = 12;

function coveredShare(head: PixelBox, boxes: readonly PixelBox[]): number {
  let hits = 0;
  for (let row = 0; row < GRID; row += 1) {
    for (let column = 0; column < GRID; column += 1) {
      const px = head.x + ((column + 0.5) / GRID) * head.width;
      const py = head.y + ((row + 0.5) / GRID) * head.height;
      if (boxes.some((b) => px >= b.x && px < b.x + b.width && py >= b.y && py < b.y + b.height)) hits += 1;
    }
  }
  return hits / GRID ** 2;
}

/** A person's head in one frame. */
interface Sighting {
  readonly frame: number;
  readonly covered: boolean;
}

/** How a profile covered the annotated heads. */
interface HeadRecall {
  /** By person, in the order of frames. */
  readonly sightings: ReadonlyMap<number, readonly Sighting[]>;
  /** Areas of all regions and of all heads, in pixels, summed over frames. */
  readonly masked: number;
  readonly truth: number;
  readonly regions: number;
}

async function headRecall(variant: Variant): Promise<HeadRecall> {
  const { times, regions } = await proposedHeads(variant);
  const sightings = new Map<number, Sighting[]>();
  let [masked, truth] = [0, 0];
  for (const [frame, people] of annotatedPersons()) {
    const time = times[frame];
    if (time === undefined) continue;
    const boxes = regions
      .filter((region) => time >= region.start - 1e-4 && time <= region.end + 1e-4)
      .map((region) => boxOnPath(region.keyframes, time));
    masked += boxes.reduce((sum, box) => sum + area(box), 0);
    for (const { id, box } of people) {
      const head = headOf(box);
      truth += area(head);
      const covered = coveredShare(head, boxes) >= 0.95;
      sightings.set(id, [...(sightings.get(id) ?? []), { frame, covered }]);
    }
  }
  return { sightings, masked, truth, regions: regions.length };
}

/** The regions of heads and faces in the clip, and the time of each of its frames. */
async function proposedHeads(variant: Variant): Promise<{ times: number[]; regions: Proposal[] }> {
  const engine = await startVariant(variant);
  const times: number[] = [];
  try {
    const analysis = await observe(
      { input: pedestrianClip, kind: 'video', container: 'mp4', allowDamage: false },
      engine,
      { onProgress: ({ at }) => times.push(at ?? 0) },
    );
    const regions = propose(analysis.followed, findProfile(variant.profile).margins).filter(
      ({ class: name }) => name === 'face' || name === 'head',
    );
    return { times, regions };
  } finally {
    await engine.close();
  }
}

/** Most frames in a row in which a head is not covered. */
function longestRun(sightings: readonly Sighting[]): number {
  let [best, run, last] = [0, 0, Number.NaN];
  for (const { frame, covered } of sightings) {
    if (covered) continue;
    run = frame === last + 1 ? run + 1 : 1;
    last = frame;
    best = Math.max(best, run);
  }
  return best;
}
