import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Random } from '../core/random.ts';
import { assign } from './assignment.ts';

/** The best value of sum(cost - limit), found by trying everything. */
function bruteForce(cost: Float64Array, rows: number, columns: number, limit: number): number {
  const best = (row: number, used: number): number => {
    if (row === rows) return 0;
    let lowest = best(row + 1, used);
    for (let column = 0; column < columns; column++) {
      const value = cost[row * columns + column]!;
      if ((used & (1 << column)) !== 0 || value > limit) continue;
      lowest = Math.min(lowest, value - limit + best(row + 1, used | (1 << column)));
    }
    return lowest;
  };
  return best(0, 0);
}

function total(cost: Float64Array, columns: number, columnOf: Int32Array, limit: number): number {
  let sum = 0;
  columnOf.forEach((column, row) => {
    if (column >= 0) sum += cost[row * columns + column]! - limit;
  });
  return sum;
}

describe('assignment', () => {
  test('is optimal for every shape, with and without a limit that matters', () => {
    const random = new Random('assignment');
    for (let round = 0; round < 600; round++) {
      const rows = 1 + random.integer(6);
      const columns = 1 + random.integer(6);
      const coarse = round % 2 === 0;
      const cost = Float64Array.from({ length: rows * columns }, () => {
        if (random.next() < 0.1) return Infinity;
        return coarse ? random.integer(4) : random.next() * 4 - 1;
      });
      for (const limit of [0.5, 2, 1000]) {
        const columnOf = assign(cost, rows, columns, limit);
        const used = [...columnOf].filter((column) => column >= 0);
        assert.equal(new Set(used).size, used.length);
        columnOf.forEach((column, row) => {
          assert.ok(column < 0 || cost[row * columns + column]! <= limit);
        });
        const expected = bruteForce(cost, rows, columns, limit);
        assert.ok(Math.abs(total(cost, columns, columnOf, limit) - expected) < 1e-9);
      }
      // A limit far above every cost makes as many pairs as possible, which is what no limit means.
      const unlimited = assign(cost, rows, columns);
      const expected = bruteForce(cost, rows, columns, 1000);
      assert.ok(Math.abs(total(cost, columns, unlimited, 1000) - expected) < 1e-9);
    }
  });

  test('takes empty sides and wholly forbidden tables', () => {
    assert.deepEqual([...assign(new Float64Array(0), 0, 5)], []);
    assert.deepEqual([...assign(new Float64Array(0), 3, 0)], [-1, -1, -1]);
    assert.deepEqual([...assign(Float64Array.of(Infinity, Infinity), 1, 2)], [-1]);
  });

  test('leaves a pair unmade rather than exceed the limit', () => {
    assert.deepEqual([...assign(Float64Array.of(1, 9, 9, 5), 2, 2, 4)], [0, -1]);
  });
});
