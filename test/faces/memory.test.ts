import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { clusteredTest } from '../../material/clustered-scores.ts';
import type { SignedFaceTest } from '../../src/governance/faces/schema.ts';
import { projectRoot } from '../needs.ts';
import { clusteredCsv } from './clustered-csv.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-face-memory-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

/** Makes a process say at its end how many KiB it held at most, as the kernel counts. */
const tellPeak =
  'data:text/javascript,process.on("exit",()=>process.stderr.write(`\\n${process.resourceUsage().maxRSS}\\n`))';

/** The command in a process of its own, and the most memory it held in MB. */
async function faceTest(...words: string[]): Promise<{ code: unknown; err: string; peak: number }> {
  const program = ['--import', tellPeak, join(projectRoot, 'bin/tidewaiter.js'), 'governance', 'face-test'];
  const child = spawn(process.execPath, [...program, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as unknown[];
  return { code, err, peak: (Number(err.trim().split('\n').at(-1)) * 1024) / 1e6 };
}

describe('a face test in a process of its own', () => {
  test('of 100,000 scores with 1,000 replicates counts each of them in bounded memory', async () => {
    const made = clusteredTest({
      ...{ seed: 'memory', groups: 4, subjects: 100, matedPerSubject: 16, nonmated: 23_400 },
      ...{ fmr: 0.001, ratio: 1, fnmr: 0.03, subjectEffect: 0.2 },
    });
    const file = openSync(at('scores.csv'), 'w');
    for (const block of clusteredCsv(made)) writeSync(file, block);
    closeSync(file);
    const { code, err, peak } = await faceTest(at('scores.csv'), '-o', at('out'));
    assert.ok(code === 0 || code === 1, err);
    assert.ok(peak > 30 && peak < 450, `${peak} MB`);

    const { claims } = JSON.parse(readFileSync(at('out/report.json'), 'utf8')) as SignedFaceTest;
    const { threshold, counts, all, groups, plan } = claims;
    assert.equal(plan.replicates, 1000);
    const scores = Array.from(made.scores, (score) => Number(score.toFixed(4)));
    const count = (mated: boolean, group?: number, wrong = false): number =>
      scores.filter(
        (score, row) =>
          (made.mated[row] === 1) === mated &&
          (group === undefined || made.groups!.probe[row] === group) &&
          (!wrong || score >= threshold !== mated),
      ).length;
    assert.deepEqual([counts.mated, counts.nonmated, counts.subjects], [count(true), count(false), 400]);
    assert.equal(counts.mated + counts.nonmated, 100_000);
    assert.deepEqual(
      [all.fmr.errors, all.fnmr.errors],
      [count(false, undefined, true), count(true, undefined, true)],
    );
    assert.ok(all.fmr.rate! <= plan.targetFmr);
    const next = Math.max(...scores.filter((score, row) => made.mated[row] === 0 && score < threshold));
    const above = scores.filter((score, row) => made.mated[row] === 0 && score >= next).length;
    assert.ok(above / counts.nonmated > plan.targetFmr, 'a lower threshold would keep the target too');
    for (const { name, fmr, fnmr } of groups) {
      const group = made.groups!.names.indexOf(name);
      assert.deepEqual(
        [fmr.errors, fmr.n, fnmr.errors, fnmr.n],
        [count(false, group, true), count(false, group), count(true, group, true), count(true, group)],
      );
      for (const { exact, wilson, bootstrap, rate } of [fmr, fnmr])
        for (const interval of [exact, wilson, ...(bootstrap === null ? [] : [bootstrap])])
          assert.ok(
            0 <= interval.low && interval.low <= rate! && rate! <= interval.high && interval.high <= 1,
          );
    }
    assert.ok(groups.every(({ fnmr }) => fnmr.bootstrap !== null));
    const sum = (of: (group: (typeof groups)[number]) => number): number =>
      groups.reduce((total, group) => total + of(group), 0);
    assert.deepEqual(
      [sum(({ fmr }) => fmr.errors), sum(({ fnmr }) => fnmr.errors), sum(({ subjects }) => subjects ?? NaN)],
      [all.fmr.errors, all.fnmr.errors, 400],
    );
  });

  test('of a file that is large and wrong says what is wrong with it in bounded memory', async () => {
    writeFileSync(at('holes.csv'), '');
    // Zeros, which take no room on the disk.
    truncateSync(at('holes.csv'), 4 * 2 ** 30);
    const holes = await faceTest(at('holes.csv'), '-o', at('x'));
    assert.equal(holes.code, 2);
    assert.match(holes.err, /E_SCORES_FILE: .*no text in UTF-8/);

    const rows = 400_000;
    const file = openSync(at('late.csv'), 'w');
    writeSync(file, 'probe_subject,ref_subject,probe_group,ref_group,type,score\n');
    for (let row = 0; row < rows; row += 10_000)
      writeSync(
        file,
        Array.from({ length: 10_000 }, (_, n) => `s${row + n},s${row + n},A,A,mated,0.${row + n}\n`).join(''),
      );
    writeSync(file, 'a,b,A,A,nonmated,NaN\n');
    closeSync(file);
    const late = await faceTest(at('late.csv'), '-o', at('x'));
    assert.equal(late.code, 2);
    assert.match(late.err, new RegExp(`E_SCORES_NUMBER: .*line ${rows + 2}: `));
    for (const { peak } of [holes, late]) assert.ok(peak > 30 && peak < 450, `${peak} MB`);
  });
});
