import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Orientation } from '../surface.ts';
import { displayedSize, orientationOf, toStored, turnPixels } from './orientation.ts';

const stored = { width: 5, height: 3 };
const rotations = [0, 90, 180, 270] as const;
const all: Orientation[] = rotations.flatMap((rotation) => [
  { rotation, mirrored: false },
  { rotation, mirrored: true },
]);

/** FFmpeg's display matrix for stored x along (a, b) and stored y along (c, d). */
function matrix(a: number, b: number, c: number, d: number): Buffer {
  const bytes = Buffer.alloc(36);
  [a, b, 0, c, d, 0, 0, 0, 16384].forEach((value, index) => bytes.writeInt32LE(value * 65536, index * 4));
  return bytes;
}

describe('orientation', () => {
  test('reads display matrices', () => {
    assert.deepEqual(orientationOf(null), { rotation: 0, mirrored: false });
    assert.deepEqual(orientationOf(matrix(1, 0, 0, 1)), { rotation: 0, mirrored: false });
    assert.deepEqual(orientationOf(matrix(0, 1, -1, 0)), { rotation: 90, mirrored: false });
    assert.deepEqual(orientationOf(matrix(-1, 0, 0, -1)), { rotation: 180, mirrored: false });
    assert.deepEqual(orientationOf(matrix(0, -1, 1, 0)), { rotation: 270, mirrored: false });
    assert.deepEqual(orientationOf(matrix(-1, 0, 0, 1)), { rotation: 0, mirrored: true });
    assert.deepEqual(orientationOf(matrix(1, 0, 0, -1)), { rotation: 180, mirrored: true });
  });

  test('a quarter turn clockwise puts the bottom-left corner on top-left', () => {
    const turned = new Uint8Array(15);
    const pixels = Uint8Array.from({ length: 15 }, (_, index) => index);
    turnPixels(pixels, 5, stored, { rotation: 90, mirrored: false }, 1, turned, 0, 3);
    assert.deepEqual([...turned.subarray(0, 6)], [10, 5, 0, 11, 6, 1]);
  });

  for (const orientation of all) {
    test(`pixels and boxes go the same way: ${orientation.rotation} ${orientation.mirrored}`, () => {
      const pixels = Uint8Array.from({ length: 15 }, (_, index) => index);
      const shown = displayedSize(stored, orientation);
      const turned = new Uint8Array(15);
      turnPixels(pixels, 5, stored, orientation, 1, turned, 0, shown.width);
      for (let y = 0; y < shown.height; y++) {
        for (let x = 0; x < shown.width; x++) {
          const box = toStored({ x, y, width: 1, height: 1 }, stored, orientation);
          assert.equal(turned[y * shown.width + x], box.y * 5 + box.x);
        }
      }
    });
  }
});
