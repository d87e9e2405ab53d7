import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import type { PixelSource } from '../../../src/core/observation.ts';
import { MaskedView } from '../../../src/uses/watch/camera/masked-view.ts';
import { PrivacyZones } from '../../../src/uses/watch/privacy.ts';
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
  const view = new MaskedView({ width: 480, height: 360 }, new PrivacyZones([]));
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

test('what stands still costs a picture a second; what moves is followed five times a second, at once', () => {
  const view = new MaskedView({ width: 480, height: 360 }, new PrivacyZones([]));
  const rate = 15;
  let frame = 0;
  /** @returns times of the pictures, and the last of them. */
  const play = (seconds: number, what: (second: number) => { things: Thing[]; fox?: number }) => {
    const times: number[] = [];
    let last: Uint8Array | undefined;
    const began = frame / rate;
    for (const end = frame + seconds * rate; frame < end; frame++) {
      const { things, fox } = what(frame / rate - began);
      const picture = view.look(sourceOf(yard(frame, fox)), frame / rate, things, false);
      if (picture === undefined) continue;
      times.push(frame / rate - began);
      last = picture.data;
    }
    return { times, last: last! };
  };
  // Boxes of a detector tremble, also around what is parked.
  const parked = (n: number): Thing => ({
    class: 'vehicle',
    box: { x: 100 + (n % 3), y: 200 - (n % 2), width: 120, height: 60 },
  });
  const away = (times: readonly number[], seconds: number): number =>
    Math.max(...[0, ...times, seconds].map((time, at, all) => time - (all[at - 1] ?? 0)));

  play(6, () => ({ things: [parked(frame)] }));
  const still = play(20, () => ({ things: [parked(frame)] }));
  assert.ok(still.times.length <= 21, `${still.times.length} pictures`);
  assert.ok(away(still.times, 20) < 1.1, 'a sign of life');
  assert.deepEqual(at(still.last, 160, 230), [58, 112, 190]);

  const box = (second: number): Box => ({ x: 100 + 40 * second, y: 200, width: 120, height: 60 });
  const driving = play(2, (second) => ({ things: [{ class: 'vehicle', box: box(second) }] }));
  assert.ok(driving.times[0]! <= 0.35, `the first after ${driving.times[0]} s`);
  assert.ok(driving.times.length >= 9);
  assert.deepEqual(at(driving.last, 290, 230), [58, 112, 190], 'covered where it is');

  play(20, () => ({ things: [] }));
  // A fox that no detector finds: nobody knows of it before the next look, a second later at most.
  const fox = play(4, (second) => ({ things: [], fox: 20 + 60 * second }));
  assert.ok(away(fox.times, 4) < 1.1);
  assert.ok(fox.times.length >= 12, `${fox.times.length} pictures`);
  assert.deepEqual(at(fox.last, 255, 60), [112, 112, 112]);
});

interface Thing {
  readonly class: string;
  readonly box: Box;
}

/** A grey yard with the noise of a sensor; a fox, a dark block, is so many pixels from the left. */
function yard(frame: number, fox?: number): Buffer {
  const rgb = Buffer.alloc(480 * 360 * 3);
  for (let place = 0; place < rgb.length; place++) rgb[place] = 118 + ((place * 7 + frame * 13) % 5);
  for (let y = 50; fox !== undefined && y < 70; y++)
    rgb.fill(40, (y * 480 + Math.round(fox)) * 3, (y * 480 + Math.round(fox) + 30) * 3);
  return rgb;
}

function at(rgb: Uint8Array, x: number, y: number): number[] {
  return [...rgb.subarray((y * 480 + x) * 3, (y * 480 + x) * 3 + 3)];
}

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
