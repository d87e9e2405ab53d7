import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HealthWatch, type PictureHealth } from '../../src/vision/motion/health.ts';
import { ffmpeg } from '../media-clips.ts';
import { needs, pedestrianClip } from '../needs.ts';
import { conditions } from './scenes/conditions.ts';
import { addNoise, chanceOf } from './scenes/noise.ts';

const size = { width: 240, height: 180 };
const pixels = size.width * size.height;
const rate = 7;
/** The fault lasts from and to these frames. */
const [from, to, end] = [140, 196, 245];

/** Planes of the pedestrian clip as motion gates see them. @param filter of FFmpeg, over the pictures at full size. */
function planes(filter: string): Uint8Array[] {
  const picture = `${filter === '' ? '' : `${filter},`}scale=${size.width}:${size.height},format=gray`;
  const bytes = ffmpeg(
    ...['-i', pedestrianClip, '-frames:v', String(end), '-vf', picture, '-f', 'rawvideo', '-'],
  );
  return Array.from({ length: end }, (_, at) => bytes.subarray(at * pixels, (at + 1) * pixels));
}

/** What is told of pictures that change in the middle: state and seconds since the fault began. */
function told(
  good: readonly Uint8Array[],
  spoil: (plane: Uint8Array, frame: number) => Uint8Array,
): { readonly state: PictureHealth['state']; readonly after: number }[] {
  const health = new HealthWatch(size);
  const chance = chanceOf(3);
  const changes: { state: PictureHealth['state']; after: number }[] = [];
  let last: PictureHealth['state'] = 'good';
  good.forEach((plane, frame) => {
    const shown = frame >= from && frame < to ? spoil(plane, frame) : plane.slice();
    addNoise(shown, size.width, 1.5, chance);
    const { state } = health.update(shown, frame / rate);
    if (state !== last) changes.push({ state, after: (frame - from) / rate });
    last = state;
  });
  return changes;
}

describe('a picture that is blurred', () => {
  for (const sigma of [3, 4, 8])
    test(`is told within ten seconds, by ${sigma} pixels of 768, and when it is sharp again`, (t) => {
      if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
      const soft = planes(`gblur=sigma=${sigma}:steps=3`);
      const [first, second, ...rest] = told(planes(''), (_, frame) => soft[frame]!.slice());
      assert.equal(first?.state, 'blurred');
      assert.ok(first.after < 10);
      assert.equal(second?.state, 'good');
      assert.ok(second.after - (to - from) / rate < 2);
      assert.deepEqual(rest, []);
    });

  test('is not what weather, night and lamps make of it', (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    const good = planes('');
    for (const { name, start } of conditions) {
      const paint = start(size, 5);
      const chance = chanceOf(4);
      const changes = told(good, (plane, frame) => {
        const rgb = new Uint8Array(3 * pixels);
        for (let at = 0; at < pixels; at++) rgb.fill(plane[at]!, 3 * at, 3 * at + 3);
        paint(rgb, frame / rate, chance);
        return Uint8Array.from(
          plane,
          (_, at) => (rgb[3 * at]! + 2 * rgb[3 * at + 1]! + rgb[3 * at + 2]!) / 4,
        );
      });
      assert.deepEqual(
        changes.filter(({ state }) => state === 'blurred'),
        [],
        name,
      );
    }
  });

  test('is not fog, which hides what is far away and pales what is near', (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    const good = planes('');
    for (const density of [1, 2]) {
      const foggy = (plane: Uint8Array): Uint8Array =>
        plane.map((level, at) => {
          const far = 1.5 - Math.floor(at / size.width) / size.height;
          const clear = Math.exp(-density * far);
          return level * clear + 200 * (1 - clear);
        });
      assert.ok(told(good, foggy).every(({ state }) => state !== 'blurred'));
    }
  });

  test('is not a plain wall, sharp or not: it has nothing to be sharp', () => {
    const wall = Uint8Array.from({ length: pixels }, (_, at) => 110 + (20 * (at % size.width)) / size.width);
    const walls = Array.from({ length: end }, () => wall);
    assert.deepEqual(
      told(walls, (plane) => plane.map((level) => level - 8)),
      [],
    );
  });
});
