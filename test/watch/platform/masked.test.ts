import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import type { PixelSource } from '../../../src/core/observation.ts';
import { MaskedView } from '../../../src/uses/watch/camera/masked-view.ts';
import { ffmpeg } from '../../media-clips.ts';
import { needs, pedestrianClip, sharedData } from '../../needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-masked-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('nobody can be seen in the masked picture, although no detector found anybody', async (t) => {
  if (!needs(t, 'opencv-doc', 'ffmpeg', 'shared')) return;
  const truth = truthBoxes();
  const frames = join(folder, 'frames');
  mkdirSync(frames);
  // 7 frames a second, half the size, as it is shown.
  ffmpeg('-i', pedestrianClip, '-frames:v', '180', '-vf', 'scale=480:360', join(frames, '%05d.png'));
  const view = new MaskedView({ width: 480, height: 360 }, []);
  const hidden: number[] = [];
  const likeness: number[] = [];
  let shown = 0;
  for (let number = 1; number <= 180; number++) {
    const path = join(frames, `${String(number).padStart(5, '0')}.png`);
    if (!existsSync(path)) break;
    const rgb = await sharp(path).removeAlpha().raw().toBuffer();
    const picture = view.look(sourceOf(rgb), number / 7, [], true)!;
    if (number < 60) continue;
    shown += share(rgb, picture.data);
    for (const box of truth.get(number) ?? []) {
      const { same, correlation } = compared(rgb, picture.data, box);
      hidden.push(1 - same);
      likeness.push(correlation);
    }
  }
  const mean = (all: number[]): number => all.reduce((sum, one) => sum + one, 0) / all.length;
  t.diagnostic(
    `${hidden.length} persons; hidden ${mean(hidden)}, least ${Math.min(...hidden)}; likeness ${mean(likeness)}; scene shown ${shown / 121}`,
  );
  assert.ok(hidden.length > 300);
  assert.ok(mean(hidden) > 0.97);
  assert.ok(mean(likeness) < 0.1);
  assert.ok(shown / 121 > 0.3, 'the empty scene is shown');
});

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Boxes of persons in the picture of 480 x 360, by frame. */
function truthBoxes(): Map<number, Box[]> {
  const boxes = new Map<number, Box[]>();
  const text = readFileSync(join(sharedData, 'watch', 'PETS09-S2L1', 'gt.txt'), 'utf8');
  for (const line of text.trim().split('\n')) {
    const [frame, , x, y, width, height] = line.split(',').map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const scale = 480 / 768;
    const box = { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
    boxes.set(frame, [...(boxes.get(frame) ?? []), box]);
  }
  return boxes;
}

function sourceOf(rgb: Buffer): PixelSource {
  return {
    width: 480,
    height: 360,
    readRgb: (_crop, _width, _height, target) => void target.set(rgb),
    readLuma: () => new Uint8Array(),
  };
}

/** Share of the pixels that are as the camera saw them. */
function share(camera: Uint8Array, masked: Uint8Array): number {
  let same = 0;
  for (let at = 0; at < camera.length; at += 3)
    if (camera[at] === masked[at] && camera[at + 1] === masked[at + 1]) same++;
  return (same * 3) / camera.length;
}

function compared(camera: Uint8Array, masked: Uint8Array, box: Box): { same: number; correlation: number } {
  const [a, b]: [number[], number[]] = [[], []];
  let same = 0;
  for (let y = Math.max(0, Math.floor(box.y)); y < Math.min(360, box.y + box.height); y++)
    for (let x = Math.max(0, Math.floor(box.x)); x < Math.min(480, box.x + box.width); x++) {
      const at = (y * 480 + x) * 3;
      a.push(camera[at]! + camera[at + 1]! + camera[at + 2]!);
      b.push(masked[at]! + masked[at + 1]! + masked[at + 2]!);
      if (camera[at] === masked[at] && camera[at + 1] === masked[at + 1]) same++;
    }
  return { same: same / Math.max(1, a.length), correlation: correlated(a, b) };
}

/** Pearson's; 0 for a plain area. */
function correlated(a: readonly number[], b: readonly number[]): number {
  const mean = (all: readonly number[]): number => all.reduce((sum, one) => sum + one, 0) / all.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [both, ofA, ofB] = [0, 0, 0];
  a.forEach((one, index) => {
    const [da, db] = [one - ma, b[index]! - mb];
    both += da * db;
    ofA += da * da;
    ofB += db * db;
  });
  return ofA === 0 || ofB === 0 ? 0 : both / Math.sqrt(ofA * ofB);
}
