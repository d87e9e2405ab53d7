import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClipOptions, writeClip } from '../../src/scenes/clip/clip.ts';
import { composeScene, type Scene, type SceneOptions } from '../../material/scene.ts';
import type { RedactionPlan } from '../../src/uses/redaction/plan.ts';
import type { RedactionRecord } from '../../src/uses/redaction/record/schema.ts';

/** A folder in the temporary folder; `remove` it when done. */
export interface Workplace {
  readonly folder: string;
  readonly path: (...names: string[]) => string;
  readonly remove: () => void;
}

export function workplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-redaction-'));
  return {
    folder,
    path: (...names) => join(folder, ...names),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A slow pan over a photograph with four faces, two of which belong to persons that are found: 640x360, 24 frames. */
export async function groupPhoto(options: Partial<SceneOptions> = {}): Promise<Scene> {
  return composeScene({
    seed: 1,
    width: 640,
    height: 360,
    fps: 15,
    seconds: 1.6,
    settings: ['portraits'],
    ...options,
  });
}

/** A few small frames without people. */
export async function emptyLane(options: Partial<SceneOptions> = {}): Promise<Scene> {
  return composeScene({
    seed: 5,
    width: 192,
    height: 108,
    fps: 10,
    seconds: 0.8,
    settings: ['lane'],
    cast: { person: 0, vehicle: 1, post: 1 },
    ...options,
  });
}

/** The scene played again and again: a long clip for the price of a short one. */
export function repeated(scene: Scene, times: number): Scene {
  const step = scene.timeBase.den / scene.timeBase.num / scene.fps;
  const count = scene.ticks.length * times;
  const frames = scene.ticks.map((_, index) => scene.frame(index));
  const ticks = Array.from({ length: count }, (_, index) => Math.round(index * step));
  return {
    ...scene,
    ticks,
    times: ticks.map((tick) => (tick * scene.timeBase.num) / scene.timeBase.den),
    frame: (index) => frames[index % frames.length]!,
    light: (index) => scene.light(index % frames.length),
    truth: (index) => scene.truth(index % frames.length),
  };
}

/** Writes a clip, without its truth. @returns its path. */
export async function clipFile(
  scene: Scene,
  path: string,
  options: Omit<ClipOptions, 'truthPath'> = {},
): Promise<string> {
  const truthPath = `${path}.truth`;
  await writeClip(scene, path, { ...options, truthPath });
  rmSync(truthPath);
  return path;
}

export function readPlan(path: string): RedactionPlan {
  return JSON.parse(readFileSync(path, 'utf8')) as RedactionPlan;
}

export function readRecordFile(path: string): RedactionRecord {
  return JSON.parse(readFileSync(path, 'utf8')) as RedactionRecord;
}

/** The paths of output, plan and record. */
export function outputsAt(stem: string, extension = 'mp4'): [string, string, string] {
  return [`${stem}.redacted.${extension}`, `${stem}.plan.json`, `${stem}.record.json`];
}
