import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shareOf, type RunnerLoad, type Waiting } from './share.ts';

const waiting = (count: number, lostBy: string | null = null, kind = 'k'): Waiting[] =>
  Array.from({ length: count }, (_, n) => ({ id: `${kind}${n}`, kind, siteId: 'pier', lostBy }));

const runner = (id: string, held = 0, changes: Partial<RunnerLoad> = {}): RunnerLoad => ({
  id,
  capacity: 20,
  kinds: { k: 20 },
  load: { k: held },
  ...changes,
});

describe('the shares of runners', () => {
  test('are disjoint, and together everything', () => {
    const runners = [runner('a'), runner('b', 3), runner('c', 7)];
    const shares = runners.map(({ id }) => shareOf(id, waiting(20), runners));
    assert.deepEqual(
      shares.map((share) => share.length),
      [10, 7, 3],
    );
    assert.equal(new Set(shares.flat()).size, 20);
  });

  test('follow capacity, of the process and of the kind', () => {
    const small = runner('a', 0, { capacity: 2 });
    const picky = runner('b', 0, { kinds: { k: 1 } });
    const other = runner('c', 0, { kinds: { other: 9 } });
    const all = [small, picky, other];
    assert.deepEqual(
      all.map(({ id }) => shareOf(id, waiting(9), all).length),
      [2, 1, 0],
    );
    const large = runner('d', 0, { capacity: 40, kinds: { k: 40 } });
    assert.equal(shareOf('d', waiting(30), [runner('a'), large]).length, 20);
  });

  test('of one site go to who takes those, and not to who leaves them to others', () => {
    const edge = runner('a', 0, { kinds: { 'k@pier': 20 } });
    const central = runner('b', 0, { kinds: { k: 20, 'k@pier': 0 } });
    const quay = waiting(3).map((one) => ({ ...one, siteId: 'quay' }));
    assert.deepEqual(
      ['a', 'b'].map((id) => shareOf(id, waiting(3), [edge, central]).length),
      [3, 0],
    );
    assert.deepEqual(
      ['a', 'b'].map((id) => shareOf(id, quay, [edge, central]).length),
      [0, 3],
    );
    assert.deepEqual(shareOf('b', waiting(1), [central]), [], 'also when the other is away');
  });

  test('leave what was lost to others, if there are any with room', () => {
    assert.deepEqual(shareOf('a', waiting(1, 'a'), [runner('a'), runner('b', 9)]), []);
    assert.deepEqual(shareOf('b', waiting(1, 'a'), [runner('a'), runner('b', 9)]), ['k0']);
    assert.deepEqual(shareOf('a', waiting(1, 'a'), [runner('a'), runner('b', 20)]), ['k0']);
  });
});
