import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeDbText } from './db.ts';

/** A map with 0.9 inside each tilted rectangle and 0.01 elsewhere, sampled at pixel centres. */
function mapWith(
  width: number,
  height: number,
  rectangles: readonly { cx: number; cy: number; w: number; h: number; degrees: number }[],
): Float32Array {
  const map = new Float32Array(width * height).fill(0.01);
  for (const { cx, cy, w, h, degrees } of rectangles) {
    const cos = Math.cos((degrees * Math.PI) / 180);
    const sin = Math.sin((degrees * Math.PI) / 180);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const dx = x + 0.5 - cx;
        const dy = y + 0.5 - cy;
        if (Math.abs(dx * cos + dy * sin) <= w / 2 && Math.abs(dy * cos - dx * sin) <= h / 2) {
          map[y * width + x] = 0.9;
        }
      }
    }
  }
  return map;
}

function sides(corners: readonly number[], width: number, height: number): [number, number, number] {
  const at = (index: number): [number, number] => [
    corners[index * 2]! * width,
    corners[index * 2 + 1]! * height,
  ];
  const [a, b, c] = [at(0), at(1), at(2)];
  const angle = (Math.atan2(b[1] - a[1], b[0] - a[0]) * 180) / Math.PI;
  return [Math.hypot(b[0] - a[0], b[1] - a[1]), Math.hypot(c[0] - b[0], c[1] - b[1]), angle];
}

describe('decodeDbText', () => {
  test('an upright bar is grown by area * 1.5 / perimeter on every side', () => {
    const map = mapWith(200, 100, [{ cx: 100, cy: 50, w: 80, h: 10, degrees: 0 }]);
    const [quad, ...rest] = decodeDbText(map, 200, 100);
    assert.equal(rest.length, 0);
    const distance = (800 * 1.5) / 180;
    const expected = [60 - distance, 45 - distance, 140 + distance, 45 - distance];
    expected.push(140 + distance, 55 + distance, 60 - distance, 55 + distance);
    quad!.corners.forEach((value, index) => {
      assert.ok(Math.abs(value * (index % 2 === 0 ? 200 : 100) - expected[index]!) < 1e-9, `corner ${index}`);
    });
    assert.ok(Math.abs(quad!.score - 0.9) < 1e-6);
  });

  test('tilted bars keep their size, their angle and a top side that points right', () => {
    for (const degrees of [-80, -46, -44, -30, -10, 10, 30, 44, 46, 80, 90]) {
      const map = mapWith(240, 240, [{ cx: 120, cy: 120, w: 120, h: 16, degrees }]);
      const [quad] = decodeDbText(map, 240, 240, { unclip: 0 });
      assert.ok(quad, `${degrees}`);
      const [top, side, angle] = sides(quad.corners, 240, 240);
      assert.ok(angle >= -45.5 && angle <= 45.5, `${degrees}: ${angle}`);
      assert.ok(Math.abs(Math.max(top, side) - 120) < 3, `${degrees}: ${top} x ${side}`);
      assert.ok(Math.abs(Math.min(top, side) - 16) < 3, `${degrees}: ${top} x ${side}`);
      assert.ok(Math.abs(((angle - degrees + 360 + 45) % 90) - 45) < 2, `${degrees}: ${angle}`);
    }
  });

  test('regions that touch at a corner are one, regions apart are several', () => {
    const map = new Float32Array(40 * 40);
    const fill = (x0: number, y0: number): void => {
      for (let y = y0; y < y0 + 5; y++) map.fill(1, y * 40 + x0, y * 40 + x0 + 5);
    };
    fill(5, 5);
    fill(10, 10);
    fill(30, 30);
    assert.equal(decodeDbText(map, 40, 40, { boxThreshold: 0.4 }).length, 2);
    assert.equal(
      decodeDbText(map, 40, 40, { boxThreshold: 0.9 }).length,
      1,
      'the diagonal pair fills half its box',
    );
  });

  test('a region shaped like a W is one region', () => {
    const rows = ['#...#...#', '##.##..##', '.#.#.#.#.', '.###.###.', '..#...#..'];
    const map = Float32Array.from(rows.join('').split(''), (cell) => (cell === '#' ? 1 : 0));
    assert.equal(decodeDbText(map, 9, 5, { boxThreshold: 0.1 }).length, 1);
  });

  test('faint, small and empty regions give nothing; borders stay inside the box', () => {
    assert.deepEqual(decodeDbText(new Float32Array(100), 10, 10), []);
    const faint = mapWith(50, 50, [{ cx: 25, cy: 25, w: 30, h: 8, degrees: 0 }]).map((value) => value / 2);
    assert.deepEqual(decodeDbText(faint, 50, 50), []);
    assert.equal(decodeDbText(faint, 50, 50, { boxThreshold: 0.4 }).length, 1);
    assert.deepEqual(
      decodeDbText(mapWith(50, 50, [{ cx: 25, cy: 25, w: 30, h: 2, degrees: 0 }]), 50, 50),
      [],
    );
    const full = decodeDbText(new Float32Array(64 * 32).fill(1), 64, 32);
    assert.deepEqual(full[0]?.box, { left: 0, top: 0, right: 1, bottom: 1 });
  });
});
