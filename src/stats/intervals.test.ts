import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { needs, sharedData } from '../../test/needs.ts';
import { Random } from '../core/random.ts';
import { betaProbability, logGamma, normalQuantile } from './distributions.ts';
import {
  bootstrapInterval,
  clopperPearsonInterval,
  clopperPearsonUpper,
  clusterBootstrapInterval,
  wilsonInterval,
} from './intervals.ts';
import { median, quantile } from './quantiles.ts';

/** Successes, trials, confidence, and what scipy 1.17.1 gives: binomtest(...).proportion_ci 'wilson' and 'exact' (less). */
const scipyProportions: readonly (readonly [number, number, number, number, number, number])[] = [
  [0, 1, 0.9, 0.0, 0.7301340512159458, 0.9],
  [1, 1, 0.99, 0.13097754328018596, 1.0, 1.0],
  [0, 30, 0.99, 0.0, 0.1811086482181108, 0.1423041014091076],
  [2, 149, 0.9, 0.004451889466112344, 0.03974915488217439, 0.035323917122093165],
  [3, 10, 0.9, 0.1268765839031979, 0.5583002041301649, 0.5517308323835991],
  [3, 10, 0.99, 0.07956631652306578, 0.6799753207988974, 0.7028835276794729],
  [17, 17, 0.9, 0.8627014037751333, 1.0, 1.0],
  [81, 263, 0.9, 0.26331361718848145, 0.3565663496084882, 0.3473771743878578],
  [999, 1000, 0.9, 0.9955302770906311, 0.9997768761560879, 0.9998946450345664],
  [12, 100_000, 0.99, 5.79788990301468e-5, 0.00024834974239144766, 0.0002281960663940171],
];

/** Shares and scipy.special.ndtri. */
const scipyNormal: readonly (readonly [number, number])[] = [
  [1e-300, -37.0470962993612],
  [1e-20, -9.262340089798409],
  [1e-9, -5.9978070150076865],
  [0.001, -3.090232306167813],
  [0.0749, -1.4402382675279635],
  [0.0751, -1.4388253927525403],
  [0.3, -0.5244005127080409],
  [0.77, 0.7388468491852137],
  [0.999, 3.090232306167813],
];

/** Arguments and scipy.special.gammaln. */
const scipyGamma: readonly (readonly [number, number])[] = [
  [0.3, 1.0957979948180756],
  [1.5, -0.12078223763524526],
  [10, 12.801827480081469],
  [171, 706.5730622457875],
  [12_345.6, 103959.18506616844],
];

/** x, a, b and scipy.special.betainc(a, b, x). */
const scipyBeta: readonly (readonly [number, number, number, number])[] = [
  [0.1, 0.5, 0.5, 0.20483276469913345],
  [0.9, 3, 40, 1],
  [0.013, 3, 147, 0.3061612605170286],
  [0.5, 800, 900, 0.9923805666587576],
  [1e-4, 13, 99_988, 0.20843404484541256],
];

function assertClose(actual: number, expected: number, tolerance: number): void {
  const allowed = tolerance * Math.max(1e-3, Math.abs(expected));
  assert.ok(Math.abs(actual - expected) <= allowed, `${actual} is not ${expected}`);
}

describe('intervals', () => {
  test('agree with published examples', () => {
    // R. G. Newcombe, Statistics in Medicine 17, 1998, table I, method 3 (score).
    const newcombe: [number, number, number, number][] = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ];
    for (const [successes, trials, low, high] of newcombe) {
      const interval = wilsonInterval(successes, trials);
      assert.equal(interval.low.toFixed(4), low.toFixed(4));
      assert.equal(interval.high.toFixed(4), high.toFixed(4));
    }
    // Without successes the exact upper bound has the closed form 1 - (1 - confidence)^(1 / trials).
    assert.ok(Math.abs(clopperPearsonUpper(0, 59) - (1 - 0.05 ** (1 / 59))) < 1e-12);
  });

  test('agree with scipy', () => {
    for (const [successes, trials, confidence, low, high, upper] of scipyProportions) {
      const interval = wilsonInterval(successes, trials, confidence);
      assertClose(interval.low, low, 1e-11);
      assertClose(interval.high, high, 1e-11);
      assertClose(clopperPearsonUpper(successes, trials, confidence), upper, 1e-10);
    }
  });

  test('rest on distributions that agree with scipy', () => {
    for (const [share, expected] of scipyNormal) assertClose(normalQuantile(share), expected, 1e-13);
    for (const [x, expected] of scipyGamma) assertClose(logGamma(x), expected, 1e-12);
    for (const [x, a, b, expected] of scipyBeta) assertClose(betaProbability(x, a, b), expected, 1e-9);
  });

  test('hold at the edges', () => {
    assert.deepEqual(wilsonInterval(0, 0), { low: 0, high: 1 });
    assert.equal(clopperPearsonUpper(0, 0), 1);
    assert.equal(clopperPearsonUpper(5, 5), 1);
    assert.equal(normalQuantile(0), -Infinity);
    assert.equal(normalQuantile(1), Infinity);
    assert.throws(() => wilsonInterval(3, 2), RangeError);
    assert.throws(() => clopperPearsonUpper(-1, 2), RangeError);
    assert.throws(() => wilsonInterval(Number.NaN, 2), RangeError);
  });

  test('of quantiles follow the usual definition', () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.equal(quantile([10, 20, 30, 40, 50], 0.9), 46);
    assert.equal(quantile([7], 0.2), 7);
    assert.throws(() => quantile([], 0.5), RangeError);
  });
});

describe('bootstrap', () => {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;

  test('finds the interval of a mean and repeats for a seed', () => {
    const random = new Random('samples');
    const samples = Array.from({ length: 400 }, () => 5 + 2 * random.normal());
    const run = (): { low: number; high: number } =>
      bootstrapInterval(samples, mean, { random: new Random(1) });
    const { low, high } = run();
    // Theory: the mean plus and minus 1.96 * 2 / sqrt(400).
    assert.ok(Math.abs(low - (mean(samples) - 0.196)) < 0.03);
    assert.ok(Math.abs(high - (mean(samples) + 0.196)) < 0.03);
    assert.deepEqual(run(), { low, high });
  });

  test('is wider when samples come in clusters that agree within', () => {
    const random = new Random('clusters');
    const clusters = Array.from({ length: 30 }, () => {
      const level = random.normal();
      return Array.from({ length: 20 }, () => level + 0.1 * random.normal());
    });
    const options = { random: new Random(2), resamples: 500 };
    const clustered = clusterBootstrapInterval(clusters, mean, options);
    const pooled = bootstrapInterval(clusters.flat(), mean, options);
    assert.ok(clustered.high - clustered.low > 3 * (pooled.high - pooled.low));
    assert.throws(() => clusterBootstrapInterval([], mean, options), RangeError);
  });
});

test('exact and Wilson intervals are those of exact binomial sums', (t) => {
  if (!needs(t, 'shared')) return;
  const { rows } = JSON.parse(
    readFileSync(join(sharedData, 'governance/fr-scores/ci_oracle.json'), 'utf8'),
  ) as { rows: { k: number; n: number; clopper_pearson95: [number, number]; wilson95: [number, number] }[] };
  assert.equal(rows.length, 14);
  for (const { k, n, clopper_pearson95: exact, wilson95: wilson } of rows) {
    const found = [clopperPearsonInterval(k, n), wilsonInterval(k, n)].flatMap(({ low, high }) => [
      low,
      high,
    ]);
    for (const [index, expected] of [...exact, ...wilson].entries())
      assert.ok(Math.abs(found[index]! - expected) <= 1e-9, `${k} of ${n}: ${found.join(', ')}`);
  }
});
