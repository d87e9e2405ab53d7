import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { region } from '../../../test/redaction-plan.ts';
import { area, intersection, type PixelBox } from '../../core/box.ts';
import { labelBox } from '../../media/draw/index.ts';
import { upright } from '../../media/surface.ts';
import { labelsOf, type LabelRoom } from './labels.ts';
import type { PlacedRegion } from './timeline.ts';

const picture = { width: 1280, height: 720, orientation: upright };
const room: LabelRoom = ({ region: { shape }, box }, length) => labelBox(picture, { shape, box }, length);

function mask(label: string, [x, y, width, height]: readonly [number, number, number, number]): PlacedRegion {
  return { region: region({ label, shape: 'box' }), box: { x, y, width, height } };
}

function textsOf(placed: readonly PlacedRegion[]): string[] {
  return [...labelsOf(placed, room).values()];
}

describe('labelsOf', () => {
  test('lines on a screen carry nothing, the screen speaks for them all', () => {
    const screen = mask('(b)(7)(E)', [400, 200, 480, 320]);
    const lines = Array.from({ length: 8 }, (_, i) => mask('(b)(6)', [430, 215 + 37 * i, 400, 30]));
    const labels = labelsOf([...lines, screen], room);
    assert.deepEqual([...labels], [[screen, '(b)(6), (b)(7)(E)']]);
  });

  test('masks that lie apart keep their own, what is too small to read is not named', () => {
    const apart = [mask('(b)(6)', [10, 10, 100, 40]), mask('(b)(7)(E)', [500, 10, 90, 40])];
    assert.deepEqual(textsOf([...apart, mask('(b)(6)', [800, 10, 8, 8])]), ['(b)(6)', '(b)(7)(E)']);
  });

  test('no text lies over another, whatever the masks; the same masks give the same texts', () => {
    let seed = 7;
    const next = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
    for (let round = 0; round < 200; round++) {
      const placed = Array.from({ length: 25 }, () =>
        mask(['(b)(6)', '(b)(7)(C)', '(b)(7)(E)'][Math.floor(next() * 3)]!, [
          next() * 1000,
          next() * 500,
          20 + next() * 300,
          12 + next() * 200,
        ]),
      );
      const labels = labelsOf(placed, room);
      const inks = [...labels]
        .map(([place, text]) => room(place, text.length))
        .filter((ink) => ink !== undefined);
      assert.equal(inks.length, labels.size);
      assert.ok(inks.length > 0);
      for (const [i, a] of inks.entries())
        for (const b of inks.slice(i + 1)) assert.equal(overlap(a, b), 0, `round ${round}`);
      assert.deepEqual(labelsOf(placed, room), labels);
    }
  });
});

function overlap(a: PixelBox, b: PixelBox): number {
  return area(intersection(a, b));
}
