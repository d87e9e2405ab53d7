import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PixelBox } from '../../src/core/box.ts';
import { PrivacyZones } from '../../src/uses/watch/privacy.ts';
import { isInside, type Point } from '../../src/uses/watch/rules/geometry.ts';
import { Still } from './scenes/night.ts';

const size = { width: 320, height: 240 };
const white = new Still(size, new Uint8Array(size.width * size.height * 3).fill(255));
const whole = { x: 0, y: 0, ...size };

const shapes: Record<string, readonly Point[]> = {
  'a star that crosses itself': [
    [0.5, 0.1],
    [0.7, 0.9],
    [0.2, 0.4],
    [0.8, 0.4],
    [0.3, 0.9],
  ],
  'a corner of the picture': [
    [0, 0],
    [0.4, 0],
    [0, 0.35],
  ],
  'all of it': [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ],
  'a thing thinner than a sample': [
    [0.1, 0.5],
    [0.9, 0.501],
    [0.1, 0.502],
  ],
};
const parts: readonly (readonly [PixelBox, number, number])[] = [
  [whole, 160, 120],
  [whole, 61, 37],
  [{ x: 33.5, y: 20.25, width: 200, height: 180 }, 96, 96],
  [{ x: 100, y: 60, width: 40, height: 30 }, 120, 90],
];

describe('privacy zones', () => {
  for (const [name, polygon] of Object.entries(shapes))
    test(`${name} is black, a sample around it too, and nothing else`, () => {
      const source = new PrivacyZones([{ polygon }]).blank(white);
      for (const [crop, width, height] of parts) {
        const rgb = new Uint8Array(width * height * 3);
        source.readRgb(crop, width, height, rgb);
        const luma = crop === whole ? source.readLuma(width, height) : undefined;
        const step = { x: crop.width / width / size.width, y: crop.height / height / size.height };
        let hidden = 0;
        for (let row = 0; row < height; row++)
          for (let column = 0; column < width; column++) {
            const black = rgb[(row * width + column) * 3] === 0;
            if (luma !== undefined) assert.equal(luma[row * width + column] === 0, black);
            const centre: Point = [
              crop.x / size.width + (column + 0.5) * step.x,
              crop.y / size.height + (row + 0.5) * step.y,
            ];
            if (black) hidden++;
            else assert.ok(!meets(polygon, centre, step, 1), `${column}, ${row} of ${width}x${height}`);
            // Points are tried, so that a zone thinner than their distance may lie between them.
            if (black && !name.includes('thinner'))
              assert.ok(
                meets(polygon, centre, step, 1.3),
                `${column}, ${row} of ${width}x${height} is shown`,
              );
          }
        assert.ok(hidden > 0 || crop.width === 40);
      }
    });

  test('are reckoned once for each size, not for each picture', () => {
    let asked = 0;
    const polygon = new Proxy(shapes['a star that crosses itself']!, {
      get: (target, key, receiver) => {
        asked++;
        return Reflect.get(target, key, receiver) as unknown;
      },
    });
    const zones = new PrivacyZones([{ polygon }]);
    const look = (): void => {
      const source = zones.blank(white);
      source.readLuma(160, 120);
      source.readRgb(whole, 80, 60, new Uint8Array(80 * 60 * 3));
    };
    look();
    const first = asked;
    for (let n = 0; n < 20; n++) look();
    assert.ok(first > 0);
    assert.equal(asked, first);
  });

  test('hide what they go around, also where they cross themselves', () => {
    const star = shapes['a star that crosses itself']!;
    assert.equal(isInside([0.5, 0.5], star), true);
    const luma = new PrivacyZones([{ polygon: star }]).blank(white).readLuma(160, 120);
    assert.equal(luma[60 * 160 + 80], 0);
    assert.equal(isInside([0.25, 0.2], star), false);
    assert.equal(luma[24 * 160 + 40], 255);
  });

  test('of a camera without any leave its picture alone', () => {
    assert.equal(new PrivacyZones([]).blank(white), white);
  });
});

/** Whether any of the points within `reach` samples of one lies in the polygon. */
function meets(
  polygon: readonly Point[],
  [x, y]: Point,
  step: { x: number; y: number },
  reach: number,
): boolean {
  const tries = 3;
  for (let row = -tries; row <= tries; row++)
    for (let column = -tries; column <= tries; column++) {
      const point: Point = [x + (column / tries) * reach * step.x, y + (row / tries) * reach * step.y];
      if (isInside(point, polygon)) return true;
    }
  return false;
}
