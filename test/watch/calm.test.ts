import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverage, type PixelBox } from '../../src/core/box.ts';
import type { Observation } from '../../src/core/observation.ts';
import { CameraWatch } from '../../src/uses/watch/camera-watch.ts';
import { parseSite } from '../../src/uses/watch/site/read.ts';
import { Still } from './scenes/night.ts';

const size = { width: 320, height: 240 };
const rate = 15;

/** A yard with stripes; somebody, a dark block, stands `at` so many pixels from the left. */
function yard(at?: number): Uint8Array {
  const data = new Uint8Array(size.width * size.height * 3);
  for (let y = 0, place = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++, place += 3) {
      const somebody = at !== undefined && x >= at && x < at + 24 && y >= 90 && y < 160;
      data.fill(somebody ? 30 : 120 + (x % 40) + (y % 30), place, place + 3);
    }
  return data;
}

/** Counts how often its pixels were asked for. */
class Counted extends Still {
  reads = 0;

  override readLuma(width: number, height: number): Uint8Array {
    this.reads++;
    return super.readLuma(width, height);
  }
}

test('a calm camera is looked at about four times a second, and who comes in within a quarter of one', async () => {
  const site = parseSite(
    `site: Yard
timeZone: UTC
cameras:
  - id: gate
    zones: [{ id: all, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }]
    rules: [{ id: entry, kind: zone-entry, zone: all, when: always }]
`,
    'yard.yaml',
  );
  const windows: (readonly PixelBox[])[] = [];
  const detector = {
    look: (_: unknown, asked: readonly PixelBox[]) => {
      if (asked.length > 0) windows.push(asked);
      return Promise.resolve([]);
    },
  };
  const watch = new CameraWatch({
    ...{ camera: site.cameras[0]!, calendar: site.calendar, picture: size, detector, budget: 10 },
  });
  const look = async (frame: number, data: Uint8Array): Promise<{ read: boolean; windows: number }> => {
    // No two pictures of a camera are the same to the last level.
    data[0] = frame % 200;
    const source = new Counted(size, data);
    const time = frame / rate;
    windows.length = 0;
    await watch.look({ source, time, at: time * 1000, captured: 0, decoded: 0, now: () => 0 });
    return { read: source.reads > 0, windows: windows.length };
  };

  const empty = yard();
  let frame = 0;
  for (; frame < 5 * rate; frame++) await look(frame, empty);
  const reads: boolean[] = [];
  for (const end = frame + 4 * rate; frame < end; frame++) reads.push((await look(frame, empty)).read);
  assert.equal(reads.filter(Boolean).length, 15, 'of sixty frames');

  const began = frame;
  while ((await look(frame, yard(40 + 2 * (frame - began)))).windows === 0) frame++;
  assert.ok(frame - began <= 4, `seen after ${frame - began} frames`);
  // Once something moves, every frame counts.
  for (const end = frame + 6; frame < end;)
    assert.ok((await look(++frame, yard(40 + 2 * (frame - began)))).read, `${frame}`);
});

test('parked cars leave a camera calm: they are looked at again once a second or so, and stay known all the while', async () => {
  const site = parseSite('site: Yard\ntimeZone: UTC\ncameras: [{ id: gate }]\n', 'yard.yaml');
  const car = { x: 20, y: 20, width: 60, height: 40 };
  let checked = 0;
  const model = { id: 'test', digest: 'test' };
  const detector = {
    look: (_: unknown, asked: readonly PixelBox[]): Promise<Observation[]> => {
      const hit = asked.some((window) => coverage(car, window) > 0.99);
      // The whole picture is looked at besides, now and then.
      if (hit && asked.every(({ width }) => width < size.width)) checked++;
      return Promise.resolve(hit ? [{ class: 'vehicle', box: car, score: 0.9, model }] : []);
    },
  };
  const watch = new CameraWatch({
    ...{ camera: site.cameras[0]!, calendar: site.calendar, picture: size, detector, budget: 10 },
  });
  const data = yard();
  let [reads, known] = [0, 0];
  for (let frame = 0; frame < 40 * rate; frame++) {
    data[0] = frame % 200;
    const source = new Counted(size, data);
    const time = frame / rate;
    if (frame === 20 * rate) checked = 0;
    const { tracks } = await watch.look({
      ...{ source, time, at: time * 1000, captured: 0, decoded: 0, now: () => 0 },
    });
    if (frame < 20 * rate) continue;
    if (source.reads > 0) reads++;
    if (tracks.length === 1) known++;
  }
  assert.ok(reads <= 80, `${reads} of 300 frames were read`);
  assert.ok(checked >= 12 && checked <= 22, `${checked} times in 20 s`);
  assert.equal(known, 20 * rate, 'what is masked by it is masked in every frame');
});
