import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { clusteredTest } from '../material/clustered-scores.ts';
import { wilsonInterval } from '../src/stats/intervals.ts';
import type { Estimate, SignedFaceTest } from '../src/governance/faces/schema.ts';
import { projectRoot } from '../test/needs.ts';
import { clusteredCsv } from '../test/faces/clustered-csv.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { planSample, simulatedGoals, simulatedVerdicts } from './lib/fairness.ts';
import { printTable, verdict } from './lib/table.ts';

const SETS = 200;

/** Whether verdicts hold what they promise, and what a full report costs. */
export const bench: Bench = {
  title: 'Face testing: verdicts on simulated tests, and the full report',
  run: async (context) => {
    verdictsHold(context);
    await reportCosts(context);
  },
};

function verdictsHold({ short, print }: BenchContext): void {
  const sets = short ? 3 : SETS;
  const goals = simulatedGoals('reporting');
  const planned = planSample(goals);
  let [unfair, found] = [0, 0];
  for (let set = 0; set < sets; set++) {
    const fair = simulatedVerdicts(`reporting/fair/${set}`, 1, planned);
    if (fair.some(({ fmr, fnmr }) => fmr.verdict === 'worse' || fnmr.verdict === 'worse')) unfair += 1;
    if (simulatedVerdicts(`reporting/biased/${set}`, 2, planned).at(-1)?.fmr.verdict === 'worse') found += 1;
  }
  print(
    `Simulated: ${goals.groups} groups of ${planned.subjects} subjects with ${planned.nonmated} non-mated and ${planned.mated} mated comparisons or more each, as planned for design effects of ${goals.nonmated.designEffect.toFixed(2)} and ${goals.mated.designEffect.toFixed(2)} from a pilot.`,
  );
  print('');
  const row = (name: string, count: number, limit: string, kept: boolean): (string | number)[] => {
    const { low, high } = wilsonInterval(count, sets);
    return [name, `${count} of ${sets} (${percent(low)} to ${percent(high)})`, limit, verdict(kept)];
  };
  printTable(
    print,
    ['simulated', 'verdicts (95 %)', 'limit', 'kept'],
    [
      row('fair tests called unfair', unfair, '<= 5 %', unfair <= 0.05 * sets),
      row('tests with one group of twice the FMR, found', found, '>= 80 %', found >= 0.8 * sets),
    ],
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Four groups; one row in sixteen is mated. */
async function reportCosts({ short, folder, print }: BenchContext): Promise<void> {
  const sizes = short ? [100_000] : [1_000_000, 10_000_000];
  const rows: (string | number)[][] = [];
  for (const size of sizes) {
    const scores = join(folder, `${size}.csv`);
    await writeScores(scores, size);
    rows.push(costOf(`${size} scores, 1,000 replicates`, scores, folder));
  }
  printTable(print, ['full report', 'seconds', 'limit', 'kept', 'peak memory, MB', 'limit', 'kept'], rows);
  besidePython(join(folder, `${sizes.at(-1)}.csv`), print);
}

async function writeScores(path: string, size: number): Promise<void> {
  const subjects = Math.max(20, Math.round(size / 4 / 400));
  const made = clusteredTest({
    ...{ seed: `size/${size}`, groups: 4, subjects, fmr: 0.001, ratio: 1, fnmr: 0.03, subjectEffect: 0.2 },
    matedPerSubject: Math.round(size / 64 / subjects),
    nonmated: Math.round((size * 15) / 64),
  });
  const file = createWriteStream(path);
  for (const block of clusteredCsv(made)) if (!file.write(block)) await once(file, 'drain');
  file.end();
  await once(file, 'close');
}

/** Makes a process say at its end how many KiB it held at most, as the kernel counts. */
const tellPeak =
  'data:text/javascript,process.on("exit",()=>process.stderr.write(`\\n${process.resourceUsage().maxRSS}\\n`))';

/** The command in a process of its own. */
function costOf(name: string, scores: string, folder: string): (string | number)[] {
  const out = `${scores}-out`;
  const words = ['--import', tellPeak, join(projectRoot, 'bin/tidewaiter.js'), 'governance', 'face-test'];
  const start = performance.now();
  const ran = spawnSync(process.execPath, [...words, scores, '-o', out], { encoding: 'utf8', cwd: folder });
  const seconds = (performance.now() - start) / 1000;
  if (!existsSync(join(out, 'report.json'))) throw new Error(ran.stderr);
  const megabytes = (Number(ran.stderr.trim().split('\n').at(-1)) * 1024) / 1e6;
  return [
    name,
    seconds.toFixed(1),
    '60 s',
    verdict(seconds <= 60),
    megabytes.toFixed(0),
    '1500',
    verdict(megabytes <= 1500),
  ];
}

const peer = `
import sys, time, csv, json
import numpy as np
from scipy import stats
start = time.time()
mated, nonmated = [], []
with open(sys.argv[1]) as f:
    f.readline()
    for row in csv.DictReader(f):
        (mated if row['type'] == 'mated' else nonmated).append(float(row['score']))
read = time.time()
m, n = np.array(mated), np.array(nonmated)
said = {'scipy': {'area': stats.mannwhitneyu(m, n).statistic / len(m) / len(n)}}
threshold = float(sys.argv[2])
def exact(errors, of):
    ci = stats.binomtest(int(errors), of).proportion_ci(method='exact')
    return [errors / of, ci.low, ci.high]
said['scipy']['fmr'] = exact((n >= threshold).sum(), len(n))
said['scipy']['fnmr'] = exact((m < threshold).sum(), len(m))
said['seconds'] = [read - start, time.time() - read]
try:
    from sklearn.metrics import roc_auc_score, roc_curve, det_curve
    y, s = np.r_[np.ones(len(m)), np.zeros(len(n))], np.r_[m, n]
    start = time.time()
    fpr, tpr, cuts = roc_curve(y, s, drop_intermediate=False)
    at = np.searchsorted(-cuts, -threshold, side='right') - 1
    dfpr, dfnr, dcuts = det_curve(y, s)
    d = np.searchsorted(dcuts, threshold, side='left')
    said['sklearn'] = {'area': roc_auc_score(y, s), 'fmr': fpr[at], 'fnmr': 1 - tpr[at], 'detFmr': dfpr[d], 'detFnmr': dfnr[d]}
    said['seconds'].append(time.time() - start)
except ImportError:
    pass
print(json.dumps(said))
`;

/** What Python printed: an area, and rates at our threshold, each with its exact interval where there is one. */
interface Said {
  readonly scipy: { readonly area: number; readonly fmr: Numbers; readonly fnmr: Numbers };
  readonly sklearn?: Readonly<Record<'area' | 'fmr' | 'fnmr' | 'detFmr' | 'detFnmr', number>>;
  /** Reading, scipy's part, sklearn's. */
  readonly seconds: Numbers;
}
type Numbers = readonly number[];

/** The parts that scipy and sklearn have, from the same file: no groups, no subjects. */
function besidePython(scores: string, print: (line: string) => void): void {
  const { all, threshold } = (
    JSON.parse(readFileSync(join(`${scores}-out`, 'report.json'), 'utf8')) as SignedFaceTest
  ).claims;
  const words = ['-c', peer, scores, String(threshold)];
  const ran = spawnSync('/usr/bin/python3', words, { encoding: 'utf8' });
  if (ran.status !== 0) {
    print('Not compared: python3 with scipy is not on this machine.');
    return;
  }
  const { scipy, sklearn, seconds } = JSON.parse(ran.stdout) as Said;
  const of = ({ rate, exact }: Estimate): Numbers => [rate ?? NaN, exact.low, exact.high];
  const row = (name: string, ours: Numbers, theirs: Numbers): string[] => {
    const apart = Math.max(...ours.map((value, at) => Math.abs(value - (theirs[at] ?? NaN))));
    const figures = (values: Numbers): string => values.map((value) => value.toPrecision(10)).join(', ');
    return [name, figures(ours), figures(theirs), apart.toExponential(1), verdict(apart <= 1e-9)];
  };
  const area = [all.auc.value ?? NaN];
  const [[fmr = NaN], [fnmr = NaN]] = [of(all.fmr), of(all.fnmr)];
  printTable(
    print,
    ['figure', 'ours', 'theirs', 'apart', 'equal to 1e-9'],
    [
      row('area under the curve, scipy mannwhitneyu', area, [scipy.area]),
      row('FMR and its exact interval, scipy binomtest', of(all.fmr), scipy.fmr),
      row('FNMR and its exact interval, scipy binomtest', of(all.fnmr), scipy.fnmr),
      ...(sklearn === undefined
        ? []
        : [
            row('area under the curve, sklearn roc_auc_score', area, [sklearn.area]),
            row('FMR, FNMR at the threshold, sklearn roc_curve', [fmr, fnmr], [sklearn.fmr, sklearn.fnmr]),
            row('the same, sklearn det_curve', [fmr, fnmr], [sklearn.detFmr, sklearn.detFnmr]),
          ]),
    ],
  );
  const [read = NaN, first = NaN, second] = seconds;
  const took = second === undefined ? '' : `, sklearn ${second.toFixed(1)} s for its three`;
  print(
    `In the same run Python's csv took ${read.toFixed(1)} s to read that file, scipy ${first.toFixed(1)} s for its three figures${took}.`,
  );
  if (second === undefined) print('Not beside sklearn: python3-sklearn is not on this machine.');
  print('');
}
