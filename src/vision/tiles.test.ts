import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Size } from '../core/box.ts';
import { cutByTile, overlappingTiles, uprightTiles } from './tiles.ts';

const sizes: readonly Size[] = [
  { width: 1280, height: 720 },
  { width: 720, height: 1280 },
  { width: 641, height: 359 },
  { width: 3840, height: 800 },
  { width: 100, height: 100 },
  { width: 1, height: 1000 },
];

describe('tiles', () => {
  for (const size of sizes) {
    const shorter = Math.min(size.width, size.height);
    for (const [name, tiles] of [
      ['two upright', uprightTiles(size, 2)],
      ['three upright', uprightTiles(size, 3, 0.4)],
      ['square, whole height', overlappingTiles(size, { width: shorter, height: shorter })],
      ['of 4:3, small', overlappingTiles(size, { width: shorter * 0.72, height: shorter * 0.54 })],
      ['larger than the picture', overlappingTiles(size, { width: 5000, height: 5000 })],
    ] as const) {
      test(`${name}, lie in ${size.width} x ${size.height} and leave nothing out`, () => {
        for (const { x, y, width, height } of tiles) {
          assert.ok(x >= 0 && y >= 0 && width > 0 && height > 0);
          assert.ok(x + width <= size.width + 1e-9 && y + height <= size.height + 1e-9);
        }
        for (let step = 0; step <= 40; step++) {
          for (let other = 0; other <= 40; other++) {
            const [px, py] = [(size.width * step) / 40, (size.height * other) / 40];
            const isSeen = tiles.some(
              ({ x, y, width, height }) =>
                px >= x - 1e-9 && px <= x + width + 1e-9 && py >= y - 1e-9 && py <= y + height + 1e-9,
            );
            assert.ok(isSeen, `${px}, ${py}`);
          }
        }
      });
    }
  }

  test('overlap, so that nothing smaller than that is cut by all of them', () => {
    const tiles = overlappingTiles({ width: 1280, height: 720 }, { width: 400, height: 400 });
    for (let x = 0; x <= 1220; x += 7) {
      for (let y = 0; y <= 660; y += 7) {
        const thing = { x, y, width: 60, height: 60 };
        const whole = tiles.some(
          (tile) =>
            x >= tile.x - 1e-9 &&
            y >= tile.y - 1e-9 &&
            x + 60 <= tile.x + tile.width + 1e-9 &&
            y + 60 <= tile.y + tile.height + 1e-9,
        );
        assert.ok(whole, JSON.stringify(thing));
      }
    }
  });

  test('fewer than two upright ones are none: the full frame is looked at anyway', () => {
    assert.deepEqual(uprightTiles({ width: 100, height: 50 }, 0), []);
    assert.deepEqual(uprightTiles({ width: 100, height: 50 }, 1), []);
  });
});

describe('a box was cut', () => {
  const size = { width: 1000, height: 500 };
  const tile = { x: 0, y: 100, width: 400, height: 400 };

  for (const [where, box, expected] of [
    ['at the right edge of the tile', { x: 350, y: 200, width: 49, height: 50 }, true],
    ['at the top edge of the tile', { x: 100, y: 101, width: 49, height: 50 }, true],
    ['nowhere inside', { x: 100, y: 200, width: 49, height: 50 }, false],
    ['nowhere at the left edge of the picture', { x: 0, y: 200, width: 49, height: 50 }, false],
    ['nowhere at the bottom edge of the picture', { x: 100, y: 450, width: 49, height: 50 }, false],
  ] as const) {
    test(where, () => assert.equal(cutByTile(box, tile, size), expected));
  }

  test('nowhere when the tile is the picture', () => {
    assert.equal(cutByTile({ x: 0, y: 0, ...size }, { x: 0, y: 0, ...size }, size), false);
  });
});
