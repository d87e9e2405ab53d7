import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { transactionRates } from '../../src/stats/biometric/identification.ts';
import { errorCounts } from '../../src/stats/biometric/scores.ts';
import { scoresOf } from '../../src/stats/biometric/comparisons.ts';
import { readScores } from '../../src/uses/faces/read/score-file.ts';
import { computeReport, type Computed } from '../../src/uses/faces/report/compute.ts';
import { testPlanSchema } from '../../src/governance/faces/plan.ts';
import { needs, sharedData } from '../needs.ts';

const shared = join(sharedData, 'governance/fr-scores');
const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-faces-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const near = (actual: number | null | undefined, expected: number, tolerance: number): void =>
  assert.ok(
    Math.abs((actual ?? NaN) - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

async function reportOn(targetFmr: number, path: string, nonmated?: string): Promise<Computed> {
  const scores = await readScores(path, nonmated);
  return computeReport(
    { scores, transactions: undefined, searches: undefined },
    testPlanSchema.parse({ targetFmr }),
  );
}

interface ExpectedGroup {
  readonly fm: number;
  readonly n_nonmated: number;
  readonly fmr_cp95: [number, number];
  readonly fmr_wilson95: [number, number];
  readonly fnm: number;
  readonly n_mated: number;
  readonly fnmr_cp95: [number, number];
}

describe('a report', () => {
  for (const name of ['synthetic-fair', 'synthetic-biased-fmr'])
    test(`has the counts, thresholds, intervals and inequity that were computed elsewhere (${name})`, async (t) => {
      if (!needs(t, 'shared')) return;
      const { operating_points: points } = JSON.parse(
        readFileSync(join(shared, `${name}.expected.json`), 'utf8'),
      );
      const targets = Object.keys(points);
      assert.ok(targets.length >= 2);
      for (const target of targets) {
        const expected = points[target];
        const report = await reportOn(
          Number(target.replace('global FMR<=', '')),
          join(shared, `${name}.csv`),
        );
        assert.equal(report.threshold, expected.threshold);
        assert.deepEqual(
          report.groups.map((group) => group.name),
          Object.keys(expected.groups),
        );
        for (const group of report.groups) checkGroup(group, expected.groups[group.name]);
        const { fmr, fnmr, fdr, ir, garbe, fourFifthsTmr } = report.inequity!;
        for (const [found, from] of [
          [fmr, expected.fmr_inequity],
          [fnmr, expected.fnmr_inequity],
        ]) {
          near(found.maxOverMin.value, from.max_over_min, 1e-12);
          near(found.maxOverGeometricMean.value, from.max_over_geomean, 1e-12);
          near(found.giniCorrected.value, from.gini_corrected, 1e-12);
        }
        near(fdr.value, expected['FDR_alpha0.5'], 1e-12);
        near(ir.value, expected['IR_a0.5_b0.5'], 1e-12);
        near(garbe.value, expected['GARBE_alpha0.5'], 1e-12);
        near(fourFifthsTmr.value, expected.four_fifths_TMR_ratio, 1e-12);
      }
    });

  for (const name of ['exp1', 'exp3'])
    test(`on two lists has the rates that others find (${name})`, async (t) => {
      if (!needs(t, 'shared')) return;
      const expected = JSON.parse(readFileSync(join(shared, 'pyeer_expected.json'), 'utf8'))[name];
      const { threshold, fmr, fnmr } = expected.conservative_threshold['FMR<=0.01'];
      const report = await reportOn(
        0.01,
        join(shared, `pyeer_${name}_genuine.txt`),
        join(shared, `pyeer_${name}_impostor.txt`),
      );
      assert.deepEqual(
        [report.counts.mated, report.counts.nonmated],
        [expected.n_genuine, expected.n_impostor],
      );
      assert.deepEqual([report.threshold, report.all.fmr.rate, report.all.fnmr.rate], [threshold, fmr, fnmr]);
      near(report.all.auc.value, expected.pyeer.auc, 1e-9);
      near(report.all.eer.rate, expected.pyeer.eer, 1e-9);
      assert.deepEqual(report.groups, []);
      assert.equal(report.counts.subjects, null);
    });

  test('of labels and scores has the rates that another library reports, failures to acquire included', async (t) => {
    if (!needs(t, 'shared')) return;
    const rows = readFileSync(join(shared, 'bob_dev-1.txt'), 'utf8').trim().split('\n');
    const path = join(folder, 'dev-1.txt');
    const usable = rows.filter((row) => !row.includes('nan'));
    writeFileSync(path, usable.join('\r\n'));
    const { comparisons, format } = await readScores(path);
    assert.equal(format, 'labelled');
    const counts = errorCounts(scoresOf(comparisons, 'all'), -8.025286e-3);
    assert.deepEqual(counts, { falseMatches: 31, nonmated: 495, falseNonMatches: 28, mated: 451 });
    const { far, frr } = transactionRates({ fmr: 31 / 495, fnmr: 28 / 451 }, 1 - usable.length / rows.length);
    assert.equal((100 * far).toFixed(3), '5.924');
    assert.equal((100 * frr).toFixed(3), '11.273');
  });

  test('counts by group as was counted elsewhere, though it does not know the subjects', async (t) => {
    if (!needs(t, 'shared')) return;
    const { counts } = JSON.parse(readFileSync(join(shared, 'msrai_expected_counts.json'), 'utf8'));
    const rows = readFileSync(join(shared, 'msrai_face_verify_sample.csv'), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1);
    const path = join(folder, 'msrai.csv');
    const lines = rows.map((row) => {
      const [, , , race, gender, label, score] = row.split(',');
      return `"${race}/${gender}",${race}/${gender},${label},${score}`;
    });
    writeFileSync(path, `\uFEFFprobe_group,ref_group,type,score\r\n${lines.join('\r\n')}\r\n`);
    const { comparisons } = await readScores(path);
    const { names } = comparisons.groups!;
    for (const [threshold, groups] of Object.entries<Record<string, object>>(counts))
      for (const [group, expected] of Object.entries(groups)) {
        const found = errorCounts(scoresOf(comparisons, names.indexOf(group)), Number(threshold));
        assert.deepEqual(
          {
            n_mated: found.mated,
            fnm: found.falseNonMatches,
            n_nonmated: found.nonmated,
            fm: found.falseMatches,
          },
          expected,
        );
      }
    const report = await reportOn(0.01, path);
    assert.ok(report.groups.every(({ verdict }) => verdict.fmr.verdict === 'not-estimable'));
    assert.equal(report.groups[0]!.verdict.fmr.because, 'the scores do not say which subjects were compared');
  });

  test('has wider intervals where it resamples subjects, as the scores of one subject are alike', async (t) => {
    if (!needs(t, 'shared')) return;
    const { groups } = await reportOn(0.001, join(shared, 'synthetic-fair.csv'));
    for (const { fnmr, fmr } of groups)
      for (const { bootstrap, wilson } of [fnmr, fmr])
        assert.ok(bootstrap!.high - bootstrap!.low > wilson.high - wilson.low);
  });
});

function checkGroup({ fmr, fnmr }: Computed['groups'][number], expected: ExpectedGroup): void {
  assert.deepEqual(
    [fmr.errors, fmr.n, fnmr.errors, fnmr.n],
    [expected.fm, expected.n_nonmated, expected.fnm, expected.n_mated],
  );
  for (const [interval, [low, high]] of [
    [fmr.exact, expected.fmr_cp95],
    [fmr.wilson, expected.fmr_wilson95],
    [fnmr.exact, expected.fnmr_cp95],
  ] as const) {
    near(interval.low, low, 1e-9);
    near(interval.high, high, 1e-9);
  }
}
