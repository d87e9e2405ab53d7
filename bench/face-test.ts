import { createWriteStream, existsSync } from 'node:fs';
import { once } from 'node:events';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { clusteredTest } from '../material/clustered-scores.ts';
import { wilsonInterval } from '../src/stats/intervals.ts';
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
  const sizes = short ? [10_000] : [1_000_000, 10_000_000];
  const rows: (string | number)[][] = [];
  for (const size of sizes) {
    const scores = join(folder, `${size}.csv`);
    await writeScores(scores, size);
    rows.push(costOf(`${size} scores, 1,000 replicates`, scores, folder));
  }
  printTable(print, ['full report', 'seconds', 'limit', 'kept', 'peak memory, MB', 'limit', 'kept'], rows);
  scipy(join(folder, `${sizes.at(-1)}.csv`), print);
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
import sys, time, csv
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
auc = stats.mannwhitneyu(m, n).statistic / len(m) / len(n)
ci = stats.binomtest(int((n >= np.quantile(n, 0.999)).sum()), len(n)).proportion_ci()
done = time.time()
print(f'{read - start:.1f} {done - read:.1f} {auc:.9f}')
`;

/** The parts that numpy and scipy have: reading, the area under the curve, one exact interval. No groups, no subjects. */
function scipy(scores: string, print: (line: string) => void): void {
  const ran = spawnSync('python3', ['-c', peer, scores], { encoding: 'utf8' });
  const [read, computed, area] = ran.stdout.trim().split(' ');
  print(
    ran.status === 0
      ? `In the same run Python's csv, numpy and scipy took ${read} s to read the largest file, and ${computed} s for the area under the curve (${area}) and one exact interval.`
      : 'Not compared: python3 with scipy is not on this machine.',
  );
  print('');
}
