import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RawDetection } from './detection.ts';
import { isCut, mergeTiles, suppress, type TileDetection } from './nms.ts';

function detection(classIndex: number, score: number, left: number, right: number): RawDetection {
  return { classIndex, class: `class ${classIndex}`, score, box: { left, top: 0, right, bottom: 1 } };
}

describe('suppress', () => {
  test('keeps the best of those that overlap by more than the limit, class by class', () => {
    const low = detection(0, 0.6, 0, 0.5);
    const best = detection(0, 0.9, 0.1, 0.5); // IoU with low: .4 / .5 = .8
    const beside = detection(0, 0.7, 0.4, 0.9); // IoU with best: .1 / .8
    const other = detection(1, 0.5, 0.1, 0.5);
    assert.deepEqual(suppress([low, best, beside, other], 0.5), [best, beside, other]);
    assert.deepEqual(suppress([low, best, beside, other], 0.81), [best, beside, low, other]);
  });

  test('a suppressed box suppresses nothing', () => {
    const a = detection(0, 0.9, 0, 0.4);
    const b = detection(0, 0.8, 0.1, 0.5);
    const c = detection(0, 0.7, 0.2, 0.6);
    assert.deepEqual(suppress([c, b, a], 0.5), [a, c]);
  });

  test('of equal scores the earlier one stays', () => {
    const twins = [detection(0, 0.5, 0, 0.5), detection(0, 0.5, 0, 0.5)];
    assert.equal(suppress(twins, 0.5)[0], twins[0]);
    assert.equal(suppress(twins, 0.5).length, 1);
  });

  test('a limit of 1 keeps all, as set-prediction models need', () => {
    const twins = [detection(0, 0.5, 0, 0.5), detection(0, 0.6, 0, 0.5)];
    assert.equal(suppress(twins, 1).length, 2);
    assert.deepEqual(suppress([], 0.5), []);
  });

  test('agrees with the definition on random boxes', () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
    const many = Array.from({ length: 300 }, (_, index): RawDetection => {
      const [left, top] = [random(), random()];
      const box = { left, top, right: left + 0.3 * random(), bottom: top + 0.3 * random() };
      return { classIndex: index % 3, class: '', score: random(), box };
    });
    const share = ({ box: a }: RawDetection, { box: b }: RawDetection): number => {
      const width = Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left));
      const height = Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
      const sizes = [a, b].map((box) => (box.right - box.left) * (box.bottom - box.top));
      return (width * height) / (sizes[0]! + sizes[1]! - width * height);
    };
    const kept = suppress(many, 0.4);
    const beats = (a: RawDetection, b: RawDetection): boolean =>
      a !== b && a.classIndex === b.classIndex && a.score > b.score && share(a, b) > 0.4;
    for (const one of many) assert.equal(kept.includes(one), !kept.some((better) => beats(better, one)));
  });
});

describe('mergeTiles', () => {
  const whole: TileDetection = {
    class: 'person',
    score: 0.5,
    box: { x: 100, y: 0, width: 100, height: 200 },
    cut: false,
  };

  test('a cut part gives way to the whole, even with a higher score', () => {
    const part = { ...whole, score: 0.9, box: { ...whole.box, width: 60 }, cut: true };
    assert.deepEqual(mergeTiles([part, whole], 0.5), [whole]);
    assert.deepEqual(mergeTiles([{ ...part, cut: false }, whole], 0.5), [{ ...part, cut: false }]);
  });

  test('80 % of the part must be covered, by the same class', () => {
    const near = { ...whole, box: { ...whole.box, x: 80, width: 100 * 0.5 }, cut: true }; // 60 % covered
    assert.deepEqual(mergeTiles([near, whole], 0.5), [near, whole]);
    const other = { ...whole, class: 'car', box: { ...whole.box, width: 60 }, cut: true };
    assert.deepEqual(mergeTiles([other, whole], 0.5), [other, whole]);
  });

  test('two cut parts of one size are joined by score', () => {
    const left = { ...whole, cut: true };
    const right = { ...whole, score: 0.8, cut: true };
    assert.deepEqual(mergeTiles([left, right], 0.5), [right]);
  });
});

describe('isCut', () => {
  const picture = { width: 1000, height: 500 };
  const tile = { x: 0, y: 0, width: 560, height: 500 };
  test('only at edges inside the picture', () => {
    assert.equal(isCut({ x: 500, y: 100, width: 59, height: 100 }, tile, picture, 4), true);
    assert.equal(isCut({ x: 500, y: 100, width: 50, height: 100 }, tile, picture, 4), false);
    assert.equal(isCut({ x: 0, y: 0, width: 50, height: 500 }, tile, picture, 4), false);
    assert.equal(isCut({ x: 441, y: 9, width: 9, height: 9 }, { ...tile, x: 440 }, picture, 4), true);
    assert.equal(
      isCut({ x: 9, y: 201, width: 9, height: 9 }, { ...tile, y: 200, height: 300 }, picture, 4),
      true,
    );
    assert.equal(isCut({ x: 9, y: 9, width: 9, height: 290 }, { ...tile, height: 300 }, picture, 4), true);
  });
});
