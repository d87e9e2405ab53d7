import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { needs, sharedData } from '../../../test/needs.ts';
import {
  areaUnderCurve,
  equalErrorRate,
  errorCounts,
  errorPoint,
  sortScores,
  thresholdAtFmr,
  type ComparisonScores,
} from './scores.ts';

const folder = join(sharedData, 'governance/fr-scores');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const lastColumn = (name: string): number[] =>
  read(name)
    .trim()
    .split('\n')
    .map((line) => Number(line.trim().split(/\s+/).at(-1)));
const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) <= 1e-9, `${actual} is not ${expected}`);

describe('comparison scores', () => {
  for (const name of ['exp1', 'exp3'])
    test(`give the rates and thresholds that others find (${name})`, (t) => {
      if (!needs(t, 'shared')) return;
      const expected = JSON.parse(read('pyeer_expected.json'))[name];
      const scores = sortScores(
        lastColumn(`pyeer_${name}_genuine.txt`),
        lastColumn(`pyeer_${name}_impostor.txt`),
      );
      assert.equal(scores.mated.length, expected.n_genuine);
      assert.equal(scores.nonmated.length, expected.n_impostor);
      const found = equalErrorRate(scores)!;
      close(found.rate, expected.pyeer.eer);
      close(found.low, expected.pyeer.eer_low);
      close(found.high, expected.pyeer.eer_high);
      close(areaUnderCurve(scores), expected.pyeer.auc);
      for (const [target, point] of Object.entries<Record<string, number>>(expected.conservative_threshold)) {
        const threshold = thresholdAtFmr(scores, Number(target.replace('FMR<=', '')))!;
        assert.deepEqual(errorPoint(scores, threshold), point);
      }
    });

  test('count as another library reports', (t) => {
    if (!needs(t, 'shared')) return;
    const rows = read('bob_dev-1.txt')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number));
    const of = (label: number): number[] => rows.filter(([l]) => l === label).map(([, score]) => score!);
    const counts = errorCounts(
      sortScores(
        of(1).filter((score) => !Number.isNaN(score)),
        of(-1).filter((score) => !Number.isNaN(score)),
      ),
      -8.025286e-3,
    );
    assert.deepEqual(counts, { falseMatches: 31, nonmated: 495, falseNonMatches: 28, mated: 451 });
  });

  test('with ties never let more pass than was asked', () => {
    const scores = sortScores([3, 3, 4], [1, 2, 2, 3, 3, 3]);
    assert.equal(thresholdAtFmr(scores, 0.5), 3);
    assert.equal(thresholdAtFmr(scores, 0.49), 4);
    assert.equal(thresholdAtFmr(scores, 0), 4);
    assert.equal(thresholdAtFmr(scores, 1), 1);
    assert.equal(thresholdAtFmr(sortScores([1], [2]), 0), undefined);
  });

  test('of no comparisons give no rates', () => {
    const none: ComparisonScores = sortScores([], []);
    assert.equal(equalErrorRate(none), undefined);
    assert.ok(Number.isNaN(errorPoint(none, 0).fmr));
    assert.ok(Number.isNaN(areaUnderCurve(none)));
    assert.throws(() => sortScores([NaN, 1], [1]), /mated score is no number/);
    assert.throws(() => sortScores([1], [1, NaN, 0]), /non-mated score is no number/);
  });

  test('may be huge and infinite', () => {
    const scores = sortScores([1e300, Infinity], [-Infinity, -1e300, 0]);
    assert.deepEqual(errorPoint(scores, Infinity), { threshold: Infinity, fmr: 0, fnmr: 0.5 });
    assert.equal(thresholdAtFmr(scores, 0), 1e300);
  });
});
