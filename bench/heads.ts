import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PixelBox } from '../src/core/box.ts';
import { evaluationPermit } from '../src/core/permit.ts';
import { observe } from '../src/uses/redaction/analyse.ts';
import { startEngine } from '../src/uses/redaction/engine.ts';
import { propose } from '../src/uses/redaction/propose.ts';
import { boxOnPath } from '../src/core/path.ts';
import { efforts, type EffortSettings } from '../src/vision/effort.ts';
import { pedestrianClip, sharedData } from '../test/needs.ts';

/**
 * Heads of the annotated persons of PETS09-S2L1 that the regions of a profile cover. A head is the top 14 % of a
 * person's box and 12 % of its height wide, centred; covered means at least 95 % of its area. Over is the masked area
 * outside heads, in areas of heads.
 */
interface Person {
  readonly id: number;
  readonly box: PixelBox;
}

export function annotatedPersons(): Map<number, Person[]> {
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

export async function headRecall(effort: EffortSettings): Promise<object> {
  const engine = await startEngine(
    { permit: evaluationPermit, cacheDir: join(tmpdir(), 'tidewaiter-bench-cache'), threads: 2 },
    { effort, models: [], words: [], patterns: [] },
  );
  const times: number[] = [];
  const analysis = await observe(
    { input: pedestrianClip, kind: 'video', container: 'mp4', allowDamage: false },
    engine,
    { onProgress: ({ at }) => times.push(at ?? 0) },
  );
  await engine.close();
  const regions = propose(analysis.followed).filter((p) => p.class === 'face' || p.class === 'head');
  let heads = 0;
  let covered = 0;
  let masked = 0;
  let truth = 0;
  const exposed = new Map<number, number[]>();
  const tracks = new Set<number>();
  for (const [frame, persons] of annotatedPersons()) {
    const time = times[frame];
    if (time === undefined) continue;
    const boxes = regions
      .filter((region) => time >= region.start - 1e-4 && time <= region.end + 1e-4)
      .map((region) => boxOnPath(region.keyframes, time));
    masked += boxes.reduce((sum, box) => sum + box.width * box.height, 0);
    for (const person of persons) {
      tracks.add(person.id);
      const head = headOf(person.box);
      truth += head.width * head.height;
      heads += 1;
      if (coveredShare(head, boxes) >= 0.95) covered += 1;
      else exposed.set(person.id, [...(exposed.get(person.id) ?? []), frame]);
    }
  }
  return {
    heads,
    recall: (covered / heads).toFixed(4),
    tracksExposed: `${exposed.size}/${tracks.size}`,
    longestRun: longestRun([...exposed.values()]),
    over: (masked / truth - 1).toFixed(2),
    regions: regions.length,
    faces: regions.filter((r) => r.class === 'face').length,
  };
}

function longestRun(tracks: readonly (readonly number[])[]): number {
  let best = 0;
  for (const frames of tracks) {
    let run = 0;
    frames.forEach((frame, index) => {
      run = frames[index - 1] === frame - 1 ? run + 1 : 1;
      best = Math.max(best, run);
    });
  }
  return best;
}

if (import.meta.main) {
  for (const name of ['fast', 'standard'] as const) console.log(name, await headRecall(efforts[name]));
}
