import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clusteredTest, type ClusteredTest } from '../../../material/clustered-scores.ts';
import { Random } from '../../core/random.ts';
import { bootstrapRates } from './bootstrap.ts';
import { clusteredRates } from './clusters.ts';
import type { Comparisons } from './comparisons.ts';
import { curveArea } from './curve-area.ts';
import { scoresOf } from './comparisons.ts';
import { medianInterval } from './median-interval.ts';
import { normalProbability } from './normal-probability.ts';
import { tallySubjects } from './tally.ts';
import { tradeOff } from './trade-off.ts';

const small: ClusteredTest = {
  seed: 'small',
  groups: 3,
  subjects: 12,
  matedPerSubject: 4,
  nonmated: 150,
  fmr: 0.1,
  ratio: 2,
  fnmr: 0.2,
  subjectEffect: 0.3,
};

/** Groups of subjects by number, as `clusteredTest` numbers them, with comparisons between groups beside. */
function mixed(): Comparisons {
  const test = clusteredTest(small);
  const random = new Random('between');
  const reference = test.groups!.reference.slice();
  const subject = test.subjects!.reference.slice();
  for (let row = 0; row < reference.length; row++) {
    if (test.mated[row] === 1 || random.next() < 0.7) continue;
    const group = (test.groups!.probe[row]! + 1) % small.groups;
    reference[row] = group;
    subject[row] = group * small.subjects + random.integer(small.subjects);
  }
  return {
    ...test,
    subjects: { ...test.subjects!, reference: subject },
    groups: { ...test.groups!, reference },
  };
}

const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) <= 1e-12, `${actual} is not ${expected}`);

describe('subjects', () => {
  test('are counted as going through all rows counts them', () => {
    const comparisons = mixed();
    const tally = tallySubjects(comparisons, 0)!;
    const { probe, reference } = comparisons.subjects!;
    for (let i = 0; i < tally.groupOf.length; i++) {
      const rows = [...comparisons.scores.keys()].filter(
        (row) => comparisons.mated[row] === 1 && probe[row] === i,
      );
      assert.equal(tally.mated[i], rows.length);
      assert.equal(tally.falseNonMatches[i], rows.filter((row) => comparisons.scores[row]! < 0).length);
      for (let at = tally.pairs.rows[i]!; at < tally.pairs.rows[i + 1]!; at++) {
        const j = tally.pairs.partner[at]!;
        const both = [...comparisons.scores.keys()].filter(
          (row) =>
            Math.min(probe[row]!, reference[row]!) === i &&
            Math.max(probe[row]!, reference[row]!) === j &&
            i !== j,
        );
        assert.equal(tally.pairs.comparisons[at], both.length);
        assert.equal(
          tally.pairs.falseMatches[at],
          both.filter((row) => comparisons.scores[row]! >= 0).length,
        );
      }
    }
    assert.equal(
      tally.pairs.comparisons.reduce((sum, n) => sum + n, 0),
      small.groups * small.nonmated,
    );
  });

  test('are resampled as weighting every row resamples them', () => {
    const comparisons = mixed();
    const { groups, all } = bootstrapRates(tallySubjects(comparisons, 0)!, { seed: 'naive', replicates: 35 });
    const { probe, reference } = comparisons.subjects!;
    for (let replicate = 0; replicate < 35; replicate++) {
      const random = new Random(`naive/${replicate}`);
      const weight = new Float64Array(small.groups * small.subjects);
      for (let group = 0; group < small.groups; group++)
        for (let draw = 0; draw < small.subjects; draw++)
          weight[group * small.subjects + random.integer(small.subjects)]! += 1;
      const rate = (kind: 0 | 1, group?: number): number => {
        let [wrong, seen] = [0, 0];
        for (const [row, score] of comparisons.scores.entries()) {
          if (comparisons.mated[row] !== kind) continue;
          const { probe: a, reference: b } = comparisons.groups!;
          if (group !== undefined && (a[row] !== group || b[row] !== group)) continue;
          const w = kind === 1 ? weight[probe[row]!]! : weight[probe[row]!]! * weight[reference[row]!]!;
          seen += w;
          if (score >= 0 !== (kind === 1)) wrong += w;
        }
        return wrong / seen;
      };
      close(all.fmr[replicate]!, rate(0));
      close(all.fnmr[replicate]!, rate(1));
      for (const [group, { fmr, fnmr }] of groups.entries()) {
        close(fmr[replicate]!, rate(0, group));
        close(fnmr[replicate]!, rate(1, group));
      }
    }
  });

  test('are resampled the same however many comparisons there are of each pair', () => {
    const tally = tallySubjects(mixed(), 0)!;
    const once = bootstrapRates(tally, { seed: 'many', replicates: 20 });
    // More than fit beside each other in a number, for a run of pairs and for a single one.
    for (const factor of [3_000, 100_003]) {
      const { pairs } = tally;
      const [comparisons, falseMatches] = [pairs.comparisons, pairs.falseMatches].map((counts) =>
        counts.map((count) => count * factor),
      ) as [Uint32Array, Uint32Array];
      const many = { ...tally, pairs: { ...pairs, comparisons, falseMatches } };
      assert.deepEqual(bootstrapRates(many, { seed: 'many', replicates: 20 }), once);
    }
  });

  test('that are alike in all their comparisons make a rate less sure, and independent ones do not', () => {
    const effect = (subjectEffect: number): (number | undefined)[] => {
      const made = clusteredTest({
        ...small,
        groups: 1,
        ratio: 1,
        subjects: 400,
        nonmated: 40_000,
        subjectEffect,
      });
      const [rates] = clusteredRates(tallySubjects(made, 0)!);
      return [rates!.fmr.designEffect, rates!.fnmr.designEffect];
    };
    for (const one of effect(0)) assert.ok(Math.abs(one! - 1) < 0.3, `${one}`);
    for (const one of effect(0.6)) assert.ok(one! > 1.3, `${one}`);
  });

  test('have variances that are those of a sum over all dependent pairs of comparisons', () => {
    const comparisons = mixed();
    const rates = clusteredRates(tallySubjects(comparisons, 0)!);
    const { probe, reference } = comparisons.subjects!;
    const { probe: a, reference: b } = comparisons.groups!;
    for (const [group, { fmr }] of rates.entries()) {
      const rows = [...comparisons.scores.keys()].filter(
        (row) => comparisons.mated[row] === 0 && a[row] === group && b[row] === group,
      );
      const residual = (row: number): number => (comparisons.scores[row]! >= 0 ? 1 : 0) - fmr.rate;
      let sum = 0;
      for (const x of rows)
        for (const y of rows)
          if ([probe[x], reference[x]].some((one) => one === probe[y] || one === reference[y]))
            sum += residual(x) * residual(y);
      const independent = (fmr.rate * (1 - fmr.rate)) / rows.length;
      // A correction for the number of subjects multiplies the sum.
      const expected = ((sum / rows.length ** 2) * small.subjects) / (small.subjects - 1);
      close(fmr.variance, Math.max(independent, expected));
    }
  });
});

test('the area under the curve has an interval of the right width', () => {
  const made = clusteredTest({
    ...small,
    groups: 1,
    subjects: 500,
    matedPerSubject: 1,
    nonmated: 500,
    ratio: 1,
    subjectEffect: 0,
  });
  const { area, interval } = curveArea(made, scoresOf(made, 'all'));
  // J. A. Hanley and B. J. McNeil, Radiology 143, 1982, for independent scores.
  const [q1, q2] = [area / (2 - area), (2 * area ** 2) / (1 + area)];
  const error = Math.sqrt(
    (area * (1 - area) + 499 * (q1 - area ** 2) + 499 * (q2 - area ** 2)) / (500 * 500),
  );
  assert.ok(Math.abs(interval.high - interval.low - 2 * 1.96 * error) < 0.2 * 4 * error);
  assert.ok(interval.low < area && area < interval.high);
});

test('a curve is thin, falls, and ends where all match', () => {
  const points = tradeOff(scoresOf(clusteredTest({ ...small, nonmated: 5000 }), 'all'));
  assert.ok(points.length > 20 && points.length < 60);
  assert.deepEqual([points[0]!.fmr, points.at(-1)!.fmr], [0, 1]);
  for (const [index, point] of points.entries())
    assert.ok(index === 0 || (point.fmr >= points[index - 1]!.fmr && point.fnmr <= points[index - 1]!.fnmr));
});

test('a median has the interval of the usual tables', () => {
  const of = (n: number): number[] | undefined => {
    const found = medianInterval(Float64Array.from({ length: n }, (_, index) => index + 1));
    return found && [found.low, found.high];
  };
  // Ranks at 95 %: W. J. Conover, "Practical Nonparametric Statistics", 1999, from binomial sums.
  assert.deepEqual(
    [of(0), of(5), of(6), of(10), of(20), of(100)],
    [undefined, undefined, [1, 6], [2, 9], [6, 15], [40, 61]],
  );
});

test('normal probabilities are those of scipy', () => {
  // scipy.stats.norm.cdf, scipy 1.17.1.
  for (const [x, expected] of [
    [-10, 7.61985302416047e-24],
    [-5, 2.866515718791933e-7],
    [-1.74, 0.040929508978807365],
    [-1.72, 0.04271622079132892],
    [-0.3, 0.3820885778110474],
    [0, 0.5],
    [1.9, 0.9712834401839981],
    [3, 0.9986501019683699],
  ] as const)
    assert.ok(Math.abs(normalProbability(x) - expected) <= 1e-12 * expected, `${x}`);
  assert.deepEqual([normalProbability(-40), normalProbability(40)], [0, 1]);
});
