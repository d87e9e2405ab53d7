import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entriesOf, joined } from './soak-entries.ts';

const seconds = (...values: number[]): number[] => values.map((value) => value * 1000);

test('an entry in each loop but the first is expected, sooner or later by a moment', () => {
  const [from, until] = [0, 100_000];
  const missed = (...alerts: number[]): number =>
    entriesOf({ from, until, alerts: seconds(...alerts) }, 20_000).missed;
  assert.equal(missed(8, 28, 49, 67, 88), 0);
  assert.equal(missed(28, 67, 88), 1);
  assert.equal(missed(28), 3);
  assert.equal(missed(), 3);
  assert.equal(entriesOf({ from, until, alerts: seconds(8, 28, 120) }, 20_000).told, 1);
  assert.deepEqual(entriesOf({ from, until: 15_000, alerts: [] }, 20_000), { told: 0, missed: 0 });
});

test('spans that touch are one', () => {
  assert.deepEqual(
    joined([
      [5, 9],
      [0, 3],
      [3, 4],
    ]),
    [
      [0, 4],
      [5, 9],
    ],
  );
});
