import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { blankPicture } from '../scenes/draw/picture.ts';
import { drawText, type Rgb } from '../scenes/draw/text-render.ts';
import type { PixelBox } from '../core/box.ts';
import type { PixelSource } from '../core/observation.ts';
import { Random } from '../core/random.ts';
import { scalePicture } from '../media/scale.ts';
import { upright, type RgbSurface } from '../media/surface.ts';
import { lookAt, looksTheSame } from './same-picture.ts';

/** A line of text on grey, with the noise of a camera. */
async function shown(text: string, noise: string, ink: Rgb = [20, 20, 20]): Promise<[PixelSource, PixelBox]> {
  const picture = blankPicture(640, 120);
  picture.data.fill(170);
  const box = await drawText(picture, text, { x: 40, y: 40, height: 18 }, ink);
  const random = new Random(noise);
  const data = picture.data.map((value, at) =>
    at % 4 === 3 ? 255 : Math.min(255, Math.max(0, value + 3 * random.normal())),
  );
  const surface: RgbSurface = {
    kind: 'rgb',
    width: 640,
    height: 120,
    data,
    channels: 4,
    orientation: upright,
  };
  const source: PixelSource = {
    width: 640,
    height: 120,
    readRgb: (...args) => scalePicture(surface, ...args),
    readLuma: () => new Uint8Array(),
  };
  return [source, { x: box.x - 3, y: box.y - 3, width: box.width + 6, height: box.height + 6 }];
}

async function isSame(before: string, after: string, ink?: Rgb): Promise<boolean> {
  const [first, box] = await shown(before, 'first', ink);
  const [second] = await shown(after, 'second', ink);
  const look = lookAt(first, box);
  assert.ok(look);
  return looksTheSame(second, look);
}

describe('a line of text', () => {
  for (const text of ['EXIT', 'LANE 4 OPEN 2026-01-15 12:00:01', 'jane.doe@example.org']) {
    for (const ink of [
      [20, 20, 20],
      [130, 130, 130],
    ] as const) {
      test(`${text} in ${ink[0]} looks the same in other noise`, async () => {
        assert.equal(await isSame(text, text, ink), true);
      });
    }
  }

  for (const [before, after] of [
    ['LANE 4 OPEN 12:00:01', 'LANE 4 OPEN 12:00:02'],
    ['jane.doe@example.org', 'WAITING ROOM IS EMPTY'],
    ['4111 1111 1111 1111', '4111 1111 1111 1112'],
    ['REFERENCE 77', 'REFERENCE 71'],
    ['LANE 4 OPEN 2026-01-15 12:00:03', 'LANE 4 OPEN 2026-01-15 12:00:08'],
  ] as const) {
    test(`${before} does not look like ${after}`, async () => {
      assert.equal(await isSame(before, after), false);
    });
  }
});

test('a place outside of the picture looks like nothing', async () => {
  const [source] = await shown('A', 'a');
  assert.equal(lookAt(source, { x: 700, y: 0, width: 20, height: 20 }), undefined);
});
