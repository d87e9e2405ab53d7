import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PixelBox } from '../../../core/box.ts';
import { Random } from '../../../core/random.ts';
import { boxCorners, type Point, visibleGrid } from '../../../scenes/truth.ts';
import { asDrawn, coveredShare, maskedArea, type Mask, thingsArea } from './coverage.ts';

const size = { width: 200, height: 150 };

function randomBox(random: Random): PixelBox {
  return {
    x: random.between(0, 120),
    y: random.between(0, 90),
    width: random.between(5, 79),
    height: random.between(5, 59),
  };
}

function holds({ box, shape }: Mask, x: number, y: number): boolean {
  const [u, v] = [(x - box.x) / box.width, (y - box.y) / box.height];
  if (shape === 'ellipse') return (2 * u - 1) ** 2 + (2 * v - 1) ** 2 <= 1;
  return u >= 0 && u <= 1 && v >= 0 && v <= 1;
}

function insidePolygon(corners: readonly Point[], x: number, y: number): boolean {
  return corners.every(([x0, y0], i) => {
    const [x1, y1] = corners[(i + 1) % corners.length]!;
    return (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) >= 0;
  });
}

/** Counts points of a fine grid over the frame. */
function count(inside: (x: number, y: number) => boolean): number {
  const step = 0.25;
  let hits = 0;
  for (let y = step / 2; y < size.height; y += step)
    for (let x = step / 2; x < size.width; x += step) if (inside(x, y)) hits++;
  return hits * step * step;
}

describe('coverage', () => {
  test('agrees with counting points, for boxes, ellipses and turned rectangles', () => {
    const random = new Random('coverage');
    for (let round = 0; round < 12; round++) {
      const masks = Array.from({ length: 3 }, (_, i): Mask => ({
        box: randomBox(random),
        shape: (round + i) % 3 === 0 ? 'ellipse' : 'box',
      }));
      const box = randomBox(random);
      const turn = random.between(-0.6, 0.6);
      const [cx, cy] = [100, 75];
      const corners = [
        [-40, -12],
        [40, -12],
        [40, 12],
        [-40, 12],
      ].map(([x, y]): Point => [
        cx + x! * Math.cos(turn) - y! * Math.sin(turn),
        cy + x! * Math.sin(turn) + y! * Math.cos(turn),
      ]);
      const covered = (x: number, y: number): boolean => masks.some((mask) => holds(mask, x, y));
      const inBox = (x: number, y: number): boolean => holds({ box, shape: 'box' }, x, y);
      const share = count((x, y) => inBox(x, y) && covered(x, y)) / count(inBox);
      assert.ok(Math.abs(coveredShare({ box }, masks, size) - share) < 0.02);
      const turned = (x: number, y: number): boolean => insidePolygon(corners, x, y);
      const turnedShare = count((x, y) => turned(x, y) && covered(x, y)) / count(turned);
      assert.ok(
        Math.abs(
          coveredShare({ box: { x: 40, y: 30, width: 120, height: 90 }, corners }, masks, size) - turnedShare,
        ) < 0.02,
      );
      const { masked, outside } = maskedArea(masks, [{ box }, { box, corners }], size);
      assert.ok(Math.abs(masked - count(covered)) < 0.02 * masked);
      assert.ok(
        Math.abs(outside - count((x, y) => covered(x, y) && !inBox(x, y) && !turned(x, y))) <
          0.02 * masked + 3,
      );
    }
  });

  test('is exact for upright boxes, and counts what overlaps once', () => {
    const thing = { box: { x: 10, y: 10, width: 20, height: 10 } };
    const left: Mask = { box: { x: 0, y: 0, width: 25, height: 40 }, shape: 'box' };
    const right: Mask = { box: { x: 20, y: 5, width: 20, height: 14 }, shape: 'box' };
    assert.equal(coveredShare(thing, [left], size), 0.75);
    assert.ok(Math.abs(coveredShare(thing, [left, right], size) - (15 * 10 + 5 * 9) / 200) < 1e-12);
    assert.equal(coveredShare(thing, [], size), 0);
    assert.equal(thingsArea([thing, thing], size), 200);
    assert.deepEqual(maskedArea([left, left], [thing], size), { masked: 1000, outside: 850 });
  });

  test('asks no mask for what is hidden', () => {
    const box = { x: 10, y: 10, width: 40, height: 20 };
    const points = visibleGrid.points(boxCorners(box));
    const seen = points.map(([x]) => x < 30);
    const thing = { box, visible: visibleGrid.pack(seen) };
    assert.deepEqual(visibleGrid.unpack(thing.visible), seen);
    const [left, right] = [10, 30].map((x): Mask => ({ box: { ...box, x, width: 20 }, shape: 'box' }));
    assert.equal(coveredShare(thing, [left!], size), 1);
    assert.equal(coveredShare(thing, [right!], size), 0);
    const upper: Mask = { box: { ...box, height: 5 }, shape: 'box' };
    assert.equal(coveredShare(thing, [upper, right!], size), 0.25);
  });

  test('takes masks as they are drawn: every pixel that a box touches', () => {
    const drawn = asDrawn({ box: { x: 10.6, y: -3.2, width: 5.1, height: 8 }, shape: 'box' }, size);
    assert.deepEqual(drawn.box, { x: 10, y: 0, width: 6, height: 5 });
  });
});
