import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PixelBox } from '../../core/box.ts';
import { Random } from '../../core/random.ts';
import type { Placement } from './motion.ts';
import { cornersOf, drawSprite, opacityAt, type RgbFrame, sweptBox } from './render.ts';
import { type Sprite, toSprite } from './sprite.ts';

const part: PixelBox = { x: 10, y: 20, width: 50, height: 24 };

/** A sprite of 80 x 60 that shows nothing but its part, as a rectangle or as an ellipse. */
function spriteOf(oval: boolean): Sprite {
  const data = new Uint8Array(80 * 60 * 4);
  for (let y = 0; y < 60; y++) {
    for (let x = 0; x < 80; x++) {
      const u = (x + 0.5 - part.x) / part.width;
      const v = (y + 0.5 - part.y) / part.height;
      const inside = oval ? (2 * u - 1) ** 2 + (2 * v - 1) ** 2 <= 1 : u > 0 && u < 1 && v > 0 && v < 1;
      if (inside) data.set([255, 255, 255, 255], (y * 80 + x) * 4);
    }
  }
  return toSprite({ width: 80, height: 60, data }, []);
}

function blackFrame(): RgbFrame {
  return { width: 400, height: 300, data: new Uint8Array(400 * 300 * 3) };
}

/** The box of all pixels that half of one exposure, or more, reached. */
function found({ data }: RgbFrame, exposures: number): PixelBox {
  let [left, top, right, bottom] = [400, 300, 0, 0];
  for (let i = 0; i < data.length; i += 3) {
    if (data[i]! < 255 / 2 / exposures) continue;
    const [x, y] = [(i / 3) % 400, Math.floor(i / 1200)];
    [left, top, right, bottom] = [
      Math.min(left, x),
      Math.min(top, y),
      Math.max(right, x + 1),
      Math.max(bottom, y + 1),
    ];
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function placements(random: Random, count: number): Placement[] {
  const first = {
    x: random.between(140, 260),
    y: random.between(120, 180),
    scale: random.between(0.7, 1.6),
    turn: random.between(-1, 1),
  };
  const [dx, dy] = [random.between(-4, 4), random.between(-4, 4)];
  return Array.from({ length: count }, (_, i) => ({ ...first, x: first.x + i * dx, y: first.y + i * dy }));
}

test('the box of what is turned and moves is the box of the pixels that it changes', () => {
  const random = new Random('turned');
  for (let round = 0; round < 24; round++) {
    const oval = round % 2 === 0;
    const sprite = spriteOf(oval);
    const places = placements(random, 1 + (round % 4));
    const frame = blackFrame();
    drawSprite(frame, sprite, places);
    const [box, seen] = [sweptBox(sprite, places, part, oval), found(frame, places.length)];
    for (const key of ['x', 'y', 'width', 'height'] as const) {
      assert.ok(Math.abs(box[key] - seen[key]) <= 2, `round ${round}: ${key} ${box[key]} ${seen[key]}`);
    }
  }
});

test('the corners and the opacity of a turned part are where its pixels are', () => {
  const random = new Random('corners');
  const sprite = spriteOf(false);
  for (let round = 0; round < 12; round++) {
    const [place] = placements(random, 1) as [Placement];
    const frame = blackFrame();
    drawSprite(frame, sprite, [place]);
    const corners = cornersOf(sprite, place, part);
    const middle = [0, 1].map((axis) => corners.reduce((sum, corner) => sum + corner[axis]! / 4, 0)) as [
      number,
      number,
    ];
    for (const [x, y] of corners) {
      const at = (share: number): [number, number] => [
        Math.round(middle[0] + (x - middle[0]) * share - 0.5),
        Math.round(middle[1] + (y - middle[1]) * share - 0.5),
      ];
      const level = ([px, py]: [number, number]): number => frame.data[(py * 400 + px) * 3]!;
      assert.ok(level(at(0.85)) > 200, 'just inside a corner it is white');
      assert.ok(level(at(1.25)) < 30, 'just outside it is black');
      assert.equal(opacityAt(sprite, place, ...at(0.85)), 1);
      assert.equal(opacityAt(sprite, place, ...at(1.25)), 0);
    }
  }
});
