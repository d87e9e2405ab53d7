import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  area,
  between,
  clipped,
  coverage,
  hull,
  intersection,
  iou,
  movedInside,
  scaled,
  toNormalized,
  toPixels,
  type PixelBox,
} from './box.ts';
import { Random } from './random.ts';

const random = new Random('boxes');
const box = (): PixelBox => ({
  x: random.integer(100) - 30,
  y: random.integer(100) - 30,
  width: 1 + random.integer(60),
  height: 1 + random.integer(60),
});
const pairs = Array.from({ length: 200 }, () => [box(), box()] as const);

/** Whole pixels of which a box consists; an oracle for areas. */
function pixels({ x, y, width, height }: PixelBox): Set<string> {
  const all = new Set<string>();
  for (let row = y; row < y + height; row++) {
    for (let column = x; column < x + width; column++) all.add(`${column},${row}`);
  }
  return all;
}

function assertClose(actual: PixelBox, expected: PixelBox): void {
  for (const name of ['x', 'y', 'width', 'height'] as const) {
    assert.ok(Math.abs(actual[name] - expected[name]) < 1e-9, `${name}: ${actual[name]}, ${expected[name]}`);
  }
}

describe('boxes of whole pixels', () => {
  test('overlap in as many pixels as can be counted', () => {
    for (const [a, b] of pairs) {
      const [inA, inB] = [pixels(a), pixels(b)];
      const common = [...inA].filter((pixel) => inB.has(pixel)).length;
      assert.equal(area(intersection(a, b)), common);
      assert.equal(iou(a, b), common / (inA.size + inB.size - common));
      assert.equal(coverage(a, b), common / inA.size);
    }
  });

  test('have a hull that holds both and could not be smaller', () => {
    for (const [a, b] of pairs) {
      const both = hull(a, b);
      assert.equal(coverage(a, both), 1);
      assert.equal(coverage(b, both), 1);
      assert.equal(both.x, Math.min(a.x, b.x));
      assert.equal(both.y + both.height, Math.max(a.y + a.height, b.y + b.height));
    }
  });

  test('are cut to a picture, or moved into it with their size where it fits', () => {
    const size = { width: 50, height: 40 };
    const picture = { x: 0, y: 0, ...size };
    for (const [a] of pairs) {
      assert.equal(area(clipped(a, size)), area(intersection(a, picture)));
      const moved = movedInside(a, size);
      assert.equal(coverage(moved, picture), 1);
      assert.equal(moved.width, Math.min(a.width, 50));
      assert.equal(moved.height, Math.min(a.height, 40));
      if (coverage(a, picture) === 1) assert.deepEqual(moved, a);
    }
  });
});

test('boxes without an area overlap nothing', () => {
  const line = { x: 0, y: 0, width: 0, height: 10 };
  assert.equal(iou(line, line), 0);
  assert.equal(coverage(line, { x: -5, y: -5, width: 50, height: 50 }), 0);
  assert.equal(area({ x: 0, y: 0, width: -1, height: -1 }), 0);
});

test('a scaled box keeps its centre', () => {
  assert.deepEqual(scaled({ x: 10, y: 20, width: 20, height: 40 }, 1.5), {
    x: 5,
    y: 10,
    width: 30,
    height: 60,
  });
  assert.deepEqual(scaled({ x: 10, y: 20, width: 20, height: 40 }, 2, 1), {
    x: 0,
    y: 20,
    width: 40,
    height: 40,
  });
});

test('fractions and pixels are each the way back from the other', () => {
  const size = { width: 64, height: 48 };
  for (const [a, b] of pairs) {
    assertClose(toPixels(toNormalized(a, size), { x: 0, y: 0, ...size }), a);
    const part = toPixels({ left: 0.25, top: 0.5, right: 0.75, bottom: 1 }, b);
    assertClose(part, {
      x: b.x + b.width / 4,
      y: b.y + b.height / 2,
      width: b.width / 2,
      height: b.height / 2,
    });
  }
});

test('between two boxes every side moves in a straight line', () => {
  for (const [a, b] of pairs) {
    assertClose(between(a, b, 0), a);
    assertClose(between(a, b, 1), b);
    const middle = between(a, b, 0.5);
    assert.ok(Math.abs(middle.x + middle.width - (a.x + a.width + b.x + b.width) / 2) < 1e-9);
  }
});
