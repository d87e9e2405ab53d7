import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PixelSource } from '../../core/observation.ts';
import { scalePicture } from '../../media/scale.ts';
import { rectify, STRIP_HEIGHT, type Turn } from './crop.ts';
import { splitStrip } from './strip.ts';
import { cornersOf } from './min-area-rectangle.ts';

const SIDE = 250;

/** Red is the column, green the row, so that every pixel of a strip tells where it came from. */
const map: PixelSource = {
  width: SIDE,
  height: SIDE,
  readRgb(crop, width, height, target, offset, stride) {
    const data = new Uint8Array(SIDE * SIDE * 3);
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) data.set([x, y, 0], (y * SIDE + x) * 3);
    }
    scalePicture(
      { width: SIDE, height: SIDE, data, channels: 3 },
      crop,
      width,
      height,
      target,
      offset,
      stride,
    );
  },
  readLuma: () => new Uint8Array(),
};

function rectangle(degrees: number, width: number, height: number): number[] {
  const radians = (degrees * Math.PI) / 180;
  return cornersOf({ centre: [125, 125], axis: [Math.cos(radians), Math.sin(radians)], width, height });
}

describe('rectify', () => {
  test('every pixel comes from its place in the tilted rectangle, at any turn and size', () => {
    const turns: [Turn, number][] = [
      ['none', 0],
      ['left', 1],
      ['half', 2],
      ['right', 3],
    ];
    for (const [turn, first] of turns) {
      for (const degrees of [0, 7, -20, 44]) {
        for (const [width, height] of [
          [120, 48],
          [140, 16],
          [90, 100],
        ] as const) {
          const corners = rectangle(degrees, width, height);
          const strip = rectify(map, corners, turn);
          const at = (index: number): [number, number] => {
            const corner = ((first + index) % 4) * 2;
            return [corners[corner]!, corners[corner + 1]!];
          };
          const [origin, along, down] = [at(0), at(1), at(3)];
          assert.equal(strip.height, STRIP_HEIGHT);
          assert.equal(strip.width % 8, 0);
          for (const [i, j] of [
            [0.5, 0.5],
            [strip.width - 0.5, 47.5],
            [strip.width / 2 + 0.5, 10.5],
          ] as const) {
            const expected = [0, 1].map(
              (axis) =>
                origin[axis]! +
                ((along[axis]! - origin[axis]!) * i) / strip.width +
                ((down[axis]! - origin[axis]!) * j) / STRIP_HEIGHT,
            );
            const pixel = (Math.floor(j) * strip.width + Math.floor(i)) * 3;
            // A pixel of value v has its centre at v + 0.5.
            const where = `${turn} ${degrees} ${width}x${height} at ${i}, ${j}`;
            assert.ok(Math.abs(strip.data[pixel]! + 0.5 - expected[0]!) < 1.6, where);
            assert.ok(Math.abs(strip.data[pixel + 1]! + 0.5 - expected[1]!) < 1.6, where);
          }
        }
      }
    }
  });

  test('what passes the edge repeats it; what lies outside is refused', () => {
    const strip = rectify(map, [-40, 10, 60, 10, 60, 58, -40, 58]);
    assert.equal(strip.data[0], 0);
    assert.ok(strip.data[(strip.width - 1) * 3]! >= 58);
    assert.throws(() => rectify(map, [300, 10, 400, 10, 400, 58, 300, 58]), RangeError);
  });
});

describe('splitStrip', () => {
  /** White, with black bars from column to column. */
  function strip(width: number, bars: readonly (readonly [number, number])[]): Uint8Array {
    const data = new Uint8Array(width * STRIP_HEIGHT * 3).fill(255);
    for (const [from, to] of bars) {
      for (let y = 8; y < 40; y++) data.fill(0, (y * width + from) * 3, (y * width + to) * 3);
    }
    return data;
  }

  test('short strips stay whole', () => {
    const image = { width: 960, height: STRIP_HEIGHT, data: strip(960, []) };
    assert.deepEqual(splitStrip(image), [{ image, afterSpace: false }]);
  });

  test('long strips are cut between letters, and say where a space was', () => {
    const letters = Array.from({ length: 100 }, (_, index) => [index * 20 + 4, index * 20 + 16] as const);
    const image = { width: 2000, height: STRIP_HEIGHT, data: strip(2000, letters) };
    const pieces = splitStrip(image);
    assert.ok(pieces.length >= 3 && pieces.every((piece) => piece.image.width <= 960));
    assert.ok(pieces.every((piece) => !piece.afterSpace));
    const edges = (data: Uint8Array): number => {
      let count = 0;
      for (let at = 20 * 3; at < data.length; at += 3) if (data[at] === 0) count++;
      return count;
    };
    const ink = pieces.reduce((sum, piece) => sum + edges(piece.image.data), 0);
    assert.equal(ink, edges(image.data), 'no letter is lost or doubled');
    const spaced = letters.filter((_, index) => index !== 40 && index !== 80);
    const withSpaces = splitStrip({ ...image, data: strip(2000, spaced) });
    assert.deepEqual(
      withSpaces.map((piece) => piece.afterSpace),
      [false, true, true],
    );
  });
});
