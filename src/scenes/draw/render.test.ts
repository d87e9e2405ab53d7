import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { drawSprite, opacityAt, sweptBox } from './render.ts';
import { toSprite } from './sprite.ts';

function square(side: number, alpha: number): ReturnType<typeof toSprite> {
  const data = new Uint8Array(side * side * 4);
  for (let i = 0; i < data.length; i += 4) data.set([200, 100, 50, alpha], i);
  return toSprite({ width: side, height: side, data }, []);
}

function black(width: number, height: number): { width: number; height: number; data: Uint8Array } {
  return { width, height, data: new Uint8Array(width * height * 3) };
}

describe('drawing sprites', () => {
  test('places whole pixels exactly', () => {
    const frame = black(20, 20);
    drawSprite(frame, square(4, 255), [{ x: 10, y: 8, scale: 1 }]);
    for (let y = 0; y < 20; y++) {
      for (let x = 0; x < 20; x++) {
        const inside = x >= 8 && x < 12 && y >= 6 && y < 10;
        const pixel = [...frame.data.subarray((y * 20 + x) * 3, (y * 20 + x) * 3 + 3)];
        assert.deepEqual(pixel, inside ? [200, 100, 50] : [0, 0, 0]);
      }
    }
  });

  test('blends what is half transparent and leaves out what lies beyond the edge', () => {
    const frame = black(8, 8);
    frame.data.fill(100);
    drawSprite(frame, square(4, 128), [{ x: 0, y: 4, scale: 1 }]);
    assert.ok(Math.abs(frame.data[(4 * 8 + 1) * 3]! - 150) <= 1);
    assert.equal(frame.data[(4 * 8 + 2) * 3], 100);
  });

  test('spreads what moves while the shutter is open evenly over its way', () => {
    const frame = black(24, 8);
    drawSprite(frame, square(4, 255), [
      { x: 6, y: 4, scale: 1 },
      { x: 10, y: 4, scale: 1 },
    ]);
    const row = [...Array(24).keys()].map((x) => frame.data[(4 * 24 + x) * 3]!);
    assert.deepEqual(row.slice(4, 12), Array(8).fill(100));
    assert.ok(row.slice(0, 4).every((value) => value === 0) && row.slice(12).every((value) => value === 0));
  });

  test('tells the box swept by a part and the opacity at a point', () => {
    const sprite = square(10, 255);
    const places = [
      { x: 20, y: 20, scale: 2 },
      { x: 30, y: 20, scale: 2 },
    ];
    assert.deepEqual(sweptBox(sprite, places, { x: 0, y: 0, width: 5, height: 5 }), {
      x: 10,
      y: 10,
      width: 20,
      height: 10,
    });
    assert.equal(opacityAt(sprite, places[0]!, 11, 11), 1);
    assert.equal(opacityAt(sprite, places[0]!, 9, 11), 0);
  });
});
