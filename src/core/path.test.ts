import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { boxOnPath, pathBetween, type TimedBox } from './path.ts';
import { Random } from './random.ts';

const at = (time: number, x: number): TimedBox => ({ time, box: { x, y: 2 * x, width: 10, height: 20 } });

describe('where something is on a path', () => {
  const path = [at(-1, 0), at(1, 20), at(1.5, 20), at(4, 45)];

  for (const [time, x] of [
    [-9, 0],
    [-1, 0],
    [0, 10],
    [1, 20],
    [1.25, 20],
    [2.5, 30],
    [4, 45],
    [99, 45],
  ] as const) {
    test(`at ${time} s it is at ${x}`, () => {
      assert.deepEqual(boxOnPath(path, time), { x, y: 2 * x, width: 10, height: 20 });
    });
  }

  test('a single keyframe holds for ever', () => {
    for (const time of [-5, 0, 5]) assert.equal(boxOnPath([at(0, 7)], time).x, 7);
  });

  test('a path without keyframes is refused', () => {
    assert.throws(() => boxOnPath([], 0), RangeError);
  });
});

describe('a part of a path', () => {
  const random = new Random('paths');
  const long = Array.from({ length: 30 }, (_, index) => at(index * 0.3, random.integer(100)));

  test('is where the whole is, at every moment in it', () => {
    for (let round = 0; round < 50; round++) {
      const [start = 0, end = 0] = [random.between(-1, 10), random.between(-1, 10)].sort((a, b) => a - b);
      const part = pathBetween(long, start, end);
      assert.equal(part[0]?.time, start);
      assert.equal(part.at(-1)?.time, end);
      for (let step = 0; step <= 20; step++) {
        const time = start + ((end - start) * step) / 20;
        assert.ok(Math.abs(boxOnPath(part, time).x - boxOnPath(long, time).x) < 1e-9);
      }
      part.slice(1).forEach((key, index) => assert.ok(key.time > part[index]!.time));
    }
  });

  test('of no length is one keyframe', () => {
    assert.deepEqual(pathBetween(long, 0.3, 0.3), [long[1]]);
  });
});

test('a part that begins a rounding error before a keyframe has one keyframe there', () => {
  const path = [at(2.24, 0), at(2.52, 5)];
  const part = pathBetween(path, 2.04 + 0.2 - 4e-16, 2.52);
  assert.deepEqual(
    part.map(({ time }) => time.toFixed(3)),
    ['2.240', '2.520'],
  );
});
