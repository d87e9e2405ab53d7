import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nextUint32, Random } from './random.ts';

describe('random numbers', () => {
  test('follow the published algorithm', () => {
    // First outputs of the authors' C code for the state 1, 2, 3, 4, also used by the Rust crate rand_xoshiro.
    const state = Uint32Array.of(1, 2, 3, 4);
    const outputs = Array.from({ length: 4 }, () => nextUint32(state));
    assert.deepEqual(outputs, [11520, 0, 5927040, 70819200]);
  });

  test('repeat for a seed and differ between seeds', () => {
    const draw = (seed: number | string): number[] => {
      const random = new Random(seed);
      return Array.from({ length: 8 }, () => random.next());
    };
    assert.deepEqual(draw(7), draw('7'));
    const starts = new Set(Array.from({ length: 10_000 }, (_, seed) => new Random(seed).next()));
    assert.ok(starts.size > 9990);
  });

  test('fill their ranges evenly', () => {
    const random = new Random('ranges');
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) counts[random.integer(6)]! += 1;
    // Chi-squared with 5 degrees of freedom: 20.5 is the 99.9 % point.
    const chi = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    assert.ok(chi < 20.5, `chi-squared ${chi}`);
    for (let i = 0; i < 1000; i++) {
      const value = random.between(-2, 3);
      assert.ok(value >= -2 && value < 3);
    }
  });

  test('have normal moments', () => {
    const random = new Random('normal');
    const values = Array.from({ length: 40_000 }, () => random.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    assert.ok(Math.abs(mean) < 0.02);
    assert.ok(Math.abs(variance - 1) < 0.03);
  });

  test('pick and shuffle', () => {
    const random = new Random(1);
    const list = [1, 2, 3, 4, 5, 6, 7, 8];
    const shuffled = random.shuffle(list);
    assert.notDeepEqual(shuffled, list);
    assert.deepEqual(shuffled.toSorted(), list);
    assert.ok(list.includes(random.pick(list)));
    assert.throws(() => random.pick([]), RangeError);
  });
});
