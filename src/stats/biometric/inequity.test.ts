import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { needs, sharedData } from '../../../test/needs.ts';
import { holmAdjusted } from '../holm.ts';
import { combinedInequity, inequity, selectionRatio } from './inequity.ts';

const folder = join(sharedData, 'governance/fr-scores');
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const near = (actual: number | undefined, expected: number | null): void => {
  if (expected === null) assert.equal(actual, undefined);
  else
    assert.ok(
      Math.abs(actual! - expected) <= 1e-12 * Math.max(1, Math.abs(expected)),
      `${actual} is not ${expected}`,
    );
};

describe('inequity of error rates', () => {
  test('is what was worked out by hand', (t) => {
    if (!needs(t, 'shared')) return;
    const cases = read('inequity_oracle.json') as Record<string, never>[];
    for (const one of cases)
      for (const [key, epsilon] of [
        ['eps0', 0],
        ['eps1e-5', 1e-5],
      ] as const) {
        const expected = one[key]! as Record<string, number | null>;
        const found = inequity(one['rates']! as number[], epsilon);
        near(found.max, expected['max']!);
        near(found.min, expected['min']!);
        near(found.difference, expected['max_minus_min']!);
        near(found.maxOverMin, expected['max_over_min']!);
        near(found.geometricMean, expected['geomean']!);
        near(found.maxOverGeometricMean, expected['max_over_geomean']!);
        near(found.mean, expected['arith_mean']!);
        near(found.maxOverMean, expected['max_over_mean']!);
        near(found.gini, expected['gini_raw']!);
        near(found.giniCorrected, expected['gini_corrected']!);
      }
    assert.equal(cases.length, 5);
  });

  for (const name of ['synthetic-fair', 'synthetic-biased-fmr'])
    test(`of both errors together is what was computed elsewhere (${name})`, (t) => {
      if (!needs(t, 'shared')) return;
      const { operating_points: points } = read(`${name}.expected.json`) as {
        operating_points: Record<
          string,
          Record<string, number> & { groups: Record<string, Record<string, number>> }
        >;
      };
      for (const point of Object.values(points)) {
        const groups = Object.values(point.groups);
        const rates = { fmr: groups.map((g) => g['fmr']!), fnmr: groups.map((g) => g['fnmr']!) };
        const found = combinedInequity(rates);
        near(found.fdr, point['FDR_alpha0.5']!);
        near(found.ir, point['IR_a0.5_b0.5']!);
        near(found.garbe, point['GARBE_alpha0.5']!);
        near(selectionRatio(groups.map((g) => g['tmr']!)), point['four_fifths_TMR_ratio']!);
      }
    });

  test('is not estimable where a ratio would divide by nothing', () => {
    assert.equal(combinedInequity({ fmr: [0, 0.1], fnmr: [0.1, 0.1] }).ir, undefined);
    assert.equal(inequity([0, 0]).gini, 0);
    assert.equal(inequity([0.1]).giniCorrected, undefined);
    assert.throws(() => inequity([]), /no groups/);
    assert.throws(() => inequity([NaN]), /no rate/);
  });
});

test('p-values are adjusted as in the example of Holm', () => {
  // Hypotheses at .01, .04, .03, .005: adjusted .03, .06, .06, .02 (R: p.adjust(c(.01,.04,.03,.005), "holm")).
  assert.deepEqual(
    holmAdjusted([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(12))),
    [0.03, 0.06, 0.06, 0.02],
  );
  assert.deepEqual(holmAdjusted([]), []);
});
