import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { generateSigningKeyPem, parseSigningKey } from '../../src/core/signing-key.ts';
import { readTest, type TestFiles } from '../../src/uses/faces/read/test-data.ts';
import { computeReport } from '../../src/uses/faces/report/compute.ts';
import { testPlanSchema, type TestPlan } from '../../src/governance/faces/plan.ts';
import { writeFaceTestPdf } from '../../src/uses/faces/report/pdf.ts';
import { runFaceTest } from '../../src/uses/faces/run-test.ts';
import { needs } from '../needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-recounted-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const random = new Random('recounted');

function write(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

async function report(files: TestFiles, plan: TestPlan) {
  return computeReport((await readTest(files, plan)).data, plan);
}

/** One row in ten is mated, and half of the mated scores lie below those of strangers; quality 255 says not assessed. */
const rows = Array.from({ length: 4000 }, (_, at) => {
  const mated = at % 10 === 0;
  const score = (mated ? 0.5 + 0.5 * random.next() : 0.7 * random.next()).toFixed(5);
  const [sharp, eyes] = [random.integer(110), [0, 24, 25, 49, 50, 74, 75, 99, 100][random.integer(9)]!];
  const group = at % 3 === 0 ? 'A' : 'B';
  return { mated, score, sharp: sharp > 100 ? '' : sharp, eyes, group };
});
const scores = write('scores.csv', [
  'probe_group,ref_group,type,score,Sharpness.scalar,EyesOpen',
  ...rows.map(
    ({ mated, score, sharp, eyes, group }) =>
      `${group},${group},${mated ? 'mated' : 'nonmated'},${score},${sharp},${eyes}`,
  ),
]);
const plan = testPlanSchema.parse({
  targetFmr: 0.05,
  identification: { gallery: 400, listLength: 5, targetFpir: 0.3 },
});

describe('a report, beside counts made in another language', () => {
  test('has the error rates of each band of quality of capture', async () => {
    const { quality, threshold } = await report({ scores }, plan);
    const script = `
import csv, json, sys
path, threshold = sys.argv[1], float(sys.argv[2])
rows = list(csv.DictReader(open(path)))
out = []
for column in ('Sharpness.scalar', 'EyesOpen'):
    bands = []
    for low, high in ((0, 24), (25, 49), (50, 74), (75, 100)):
        inside = [r for r in rows if r[column] != '' and low <= int(r[column]) <= high]
        non = [float(r['score']) for r in inside if r['type'] == 'nonmated']
        mated = [float(r['score']) for r in inside if r['type'] == 'mated']
        bands.append([low, high, sum(s >= threshold for s in non), len(non), sum(s < threshold for s in mated), len(mated)])
    out.append([bands, sum(r[column] == '' for r in rows)])
print(json.dumps(out))`;
    const counted: unknown = JSON.parse(
      execFileSync('/usr/bin/python3', ['-c', script, scores, String(threshold)], { encoding: 'utf8' }),
    );
    assert.deepEqual(
      quality.map(({ bands, notAssessed }) => [
        bands.map(({ from, to, fmr, fnmr }) => [from, to, fmr.errors, fmr.n, fnmr.errors, fnmr.n]),
        notAssessed,
      ]),
      counted,
    );
    assert.deepEqual(
      quality.map(({ component }) => component),
      ['Sharpness', 'EyesOpen'],
    );
    for (const { bands } of quality)
      for (const { fmr, fnmr } of bands) {
        assert.equal(fmr.rate, fmr.errors / fmr.n);
        assert.ok(fmr.errors > 0 && fnmr.errors > 0, 'a count of nothing shows nothing');
        assert.ok(fnmr.exact.low < fnmr.rate! && fnmr.rate! < fnmr.exact.high);
      }
  });

  test('has the false positive and false negative identifications of both modes, by group', async () => {
    const lines = ['search,subject,group,enrolled,rank,candidate,score'];
    for (let search = 0; search < 400; search++) {
      const enrolled = search % 2 === 0;
      const who = `s${search},p${search},${search % 3 === 0 ? 'A' : 'B'},${enrolled ? 'yes' : 'no'}`;
      const length = random.integer(8);
      if (length === 0) lines.push(`${who},,,`);
      // Steps of a twentieth, so that many scores are equal to the threshold.
      const listed = Array.from({ length }, () => random.integer(enrolled ? 21 : 17) / 20).sort(
        (a, b) => b - a,
      );
      const place = enrolled ? random.integer(length + 3) : -1;
      for (const [at, score] of listed.entries())
        lines.push(`${who},${at + 1},${at === place ? `p${search}` : `x${at}`},${score}`);
    }
    const searches = write('searches.csv', lines);
    const { identification } = await report({ scores, searches }, plan);
    const { lightsOut, investigation } = identification ?? assert.fail();
    const script = `
import csv, json, sys
from itertools import groupby
found = {}
for r in csv.DictReader(open(sys.argv[1])):
    found.setdefault(r['search'], []).append(r)
lists = []
for rs in found.values():
    hits = [(r['candidate'] == r['subject'], float(r['score'])) for r in rs if r['rank'] != '' and int(r['rank']) <= 5]
    lists.append((rs[0]['group'], rs[0]['enrolled'] == 'yes', hits))
def count(group, threshold):
    of = [l for l in lists if group in ('all', l[0])]
    strangers = [any(s >= threshold for _, s in h) for _, e, h in of if not e]
    missed = [not any(own and s >= threshold for own, s in h) for _, e, h in of if e]
    return [group, sum(strangers), len(strangers), sum(missed), len(missed)]
# The smallest score seen at which at most three tenths of the strangers are taken for somebody.
seen = sorted({s for _, e, h in lists for own, s in h if own or not e})
threshold = next(s for s in seen if count('all', s)[1] <= 0.3 * count('all', s)[2])
print(json.dumps([threshold, [count(g, threshold) for g in ('all', 'A', 'B')], [count(g, float('-inf'))[:1] + count(g, float('-inf'))[3:] for g in ('all', 'A', 'B')]]))`;
    const counted: unknown = JSON.parse(
      execFileSync('/usr/bin/python3', ['-c', script, searches], { encoding: 'utf8' }),
    );
    const modes = lightsOut ?? assert.fail();
    assert.deepEqual(
      [
        modes.threshold,
        [modes.all, ...modes.groups].map(({ name, fpir, fnir }) => [
          ...[name, fpir?.errors, fpir?.n, fnir.errors, fnir.n],
        ]),
        [investigation.all, ...investigation.groups].map(({ name, fnir }) => [name, fnir.errors, fnir.n]),
      ],
      counted,
    );
    assert.ok(modes.all.fpir!.errors > 0 && modes.all.fnir.errors > investigation.all.fnir.errors);
    assert.equal(investigation.all.fpir, null);
  });

  test('has the share of content people with its interval, and draws the trade-off of each group', async (t) => {
    const transactions = write('transactions.csv', [
      'group,kind,acquired,seconds,satisfied,passed',
      ...Array.from(
        { length: 40 },
        (_, at) => `A,,yes,4,${at < 30 ? 'positive' : at < 36 ? 'negative' : ''},yes`,
      ),
      ...Array.from({ length: 20 }, (_, at) => `B,,yes,5,${at < 5 ? 'positive' : 'negative'},yes`),
    ]);
    const key = parseSigningKey(generateSigningKeyPem(), 'lab');
    const signed = await runFaceTest({
      ...{ files: { scores, transactions }, plan, key, now: new Date(0) },
      tested: { model: null, camera: null, purpose: null },
    });
    const { experience, groups, all } = signed.claims;
    const satisfied = [experience!.all, ...experience!.groups].map((one) => one.satisfied);
    assert.deepEqual(
      satisfied.map((one) => [one?.errors, one?.n]),
      [
        [35, 56],
        [30, 36],
        [5, 20],
      ],
    );
    // scipy.stats.binomtest(30, 36).proportion_ci(method='exact')
    const [low, high] = [satisfied[1]!.exact.low, satisfied[1]!.exact.high];
    const script = `from scipy.stats import binomtest; c = binomtest(30, 36).proportion_ci(); print(c.low, c.high)`;
    const said = execFileSync('/usr/bin/python3', ['-c', script], { encoding: 'utf8' }).trim().split(' ');
    assert.ok(Math.abs(low - Number(said[0])) < 1e-9 && Math.abs(high - Number(said[1])) < 1e-9);

    // The points that are drawn: none of them above what a threshold at it counts.
    for (const { det } of [all, ...groups]) assert.ok(det.length > 20);
    for (const { threshold, fmr, fnmr } of all.det) {
      const of = (kind: boolean): number[] =>
        rows.filter(({ mated }) => mated === kind).map(({ score }) => Number(score));
      const [non, mated] = [of(false), of(true)];
      assert.equal(fmr, non.filter((score) => score >= threshold).length / non.length);
      assert.equal(fnmr, mated.filter((score) => score < threshold).length / mated.length);
    }
    if (!needs(t, 'pdftotext', 'qpdf')) return;
    const path = join(folder, 'report.pdf');
    writeFileSync(path, await writeFaceTestPdf(signed));
    const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
    assert.match(text, /Content/);
    assert.match(text, /A .*0\.833[^]*B .*0\.25/);
    assert.match(text, /By quality of capture: Sharpness/);
    const raw = execFileSync('qpdf', ['--qdf', '--object-streams=disable', path, '-'], { maxBuffer: 1e8 });
    const drawn = raw.toString('latin1').match(/\d m\n(?:[\d. ]+ l\n){8,}S\n/g) ?? [];
    assert.equal(drawn.length, 3, 'a curve over all, and one for each group');
  });
});
