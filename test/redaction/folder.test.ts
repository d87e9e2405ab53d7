import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import { sha256 } from '../../src/core/digest.ts';
import { clipFile, emptyLane, readRecordFile, repeated, workplace } from './clips.ts';
import {
  assertGone,
  descendants,
  jsonLines,
  listing,
  start,
  succeeds,
  tidewaiter,
  workerOf,
  type Answer,
} from './program.ts';

const place = workplace();
after(place.remove);

/** A clip that takes some seconds and a small one. */
const [long, short] = [place.path('long.mp4'), place.path('short.mp4')];

before(async () => {
  const scene = await emptyLane();
  await clipFile(scene, short);
  const large = await emptyLane({ width: 640, height: 360 });
  await clipFile(repeated(large, 12), long, { audio: false });
});

async function picture(path: string, background: string): Promise<void> {
  await sharp({ create: { width: 64, height: 48, channels: 3, background } }).toFile(path);
}

/** What each file is like: its bytes and when it was written. */
function fingerprints(folder: string): Record<string, string> {
  const ofFiles = listing(folder).filter((name) => !name.includes('tidewaiter-'));
  return Object.fromEntries(
    ofFiles.map((name) => {
      const path = `${folder}/${name}`;
      return [name, `${sha256(readFileSync(path))} ${statSync(path).mtimeMs}`];
    }),
  );
}

function totals(answer: Answer): unknown {
  const { event: _, ...counts } = jsonLines(answer).at(-1)!;
  return counts;
}

describe('a folder of all sorts', () => {
  const [evidence, release] = [place.path('evidence'), place.path('release')];
  const redact = (...options: string[]): Promise<Answer> =>
    tidewaiter('redact', evidence, '-o', release, '--profile', 'fast', '--json', ...options);
  const ofAll = ['deep/er/tidewaiter-chain.jsonl', 'tidewaiter-chain.jsonl', 'tidewaiter-summary.csv'];
  const wanted = ['a.jpg', 'a.png', 'clip', 'deep/er/still'].flatMap((stem) => {
    const extension = { 'a.jpg': 'jpg', clip: 'mp4' }[stem] ?? 'png';
    return [
      `${stem}.exemptions.csv`,
      `${stem}.plan.json`,
      `${stem}.record.json`,
      `${stem}.record.pdf`,
      `${stem}.redacted.${extension}`,
    ];
  });

  before(async () => {
    mkdirSync(`${evidence}/deep/er`, { recursive: true });
    copyFileSync(short, `${evidence}/clip.mp4`);
    await picture(`${evidence}/a.jpg`, '#a52');
    await picture(`${evidence}/a.png`, '#2a5');
    await picture(`${evidence}/deep/er/still.png`, '#52a');
    writeFileSync(`${evidence}/notes.txt`, 'seen at the gate\n');
    writeFileSync(`${evidence}/empty.mov`, '');
    writeFileSync(`${evidence}/.hidden`, '');
  });

  test('goes on past bad files, and lists them', async () => {
    const answer = await tidewaiter('redact', evidence, '-o', release, '--profile', 'fast');
    assert.equal(answer.code, 1, answer.stdout + answer.stderr);
    assert.match(answer.stdout, /\n4 redacted, 0 already done, 2 failed; 0 outputs need review\n/);
    const end = answer.stdout.split('\n').slice(-3);
    assert.match(end[0]!, /^ {2}.*empty\.mov: E_EMPTY: .+\. .+\.$/);
    assert.match(end[1]!, /^ {2}.*notes\.txt: E_FORMAT: .+\. .+\.$/);
    assert.deepEqual(listing(release), [...wanted, ...ofAll].sort());
    const rows = readFileSync(`${release}/tidewaiter-summary.csv`, 'utf8').split('\r\n');
    assert.deepEqual(
      rows.slice(1, -1).map((row) => row.split(',')[1]),
      ['done', 'done', 'done', 'done', 'failed', 'failed'],
    );
  });

  test('a second run keeps what is done, to the byte and the minute', async () => {
    const before = fingerprints(release);
    const answer = await redact();
    assert.equal(answer.code, 1);
    assert.deepEqual(totals(answer), { done: 0, kept: 4, failed: 2, review: 0 });
    assert.deepEqual(fingerprints(release), before);
  });

  test('only what changed is done again', async () => {
    await picture(`${evidence}/a.png`, '#fff');
    const before = fingerprints(release);
    assert.deepEqual(totals(await redact()), { done: 1, kept: 3, failed: 2, review: 0 });
    const afterwards = fingerprints(release);
    const changed = Object.keys(before).filter((name) => before[name] !== afterwards[name]);
    assert.deepEqual(changed, [
      'a.png.exemptions.csv',
      'a.png.plan.json',
      'a.png.record.json',
      'a.png.record.pdf',
      'a.png.redacted.png',
    ]);
  });

  test('an output that was changed or lost is done again', async () => {
    writeFileSync(`${release}/a.jpg.redacted.jpg`, 'not what was written');
    rmSync(`${release}/deep/er/still.redacted.png`);
    assert.deepEqual(totals(await redact()), { done: 2, kept: 2, failed: 2, review: 0 });
    const { output } = readRecordFile(`${release}/a.jpg.record.json`);
    assert.equal(sha256(readFileSync(`${release}/a.jpg.redacted.jpg`)), output.sha256);
  });

  test('an output of the same length with other bytes is done again', async () => {
    const path = `${release}/a.png.redacted.png`;
    const bytes = readFileSync(path);
    bytes[bytes.length - 20]! ^= 1;
    const { atime, mtime } = statSync(path);
    writeFileSync(path, bytes);
    utimesSync(path, atime, mtime);
    assert.deepEqual(totals(await redact()), { done: 1, kept: 3, failed: 2, review: 0 });
  });

  test('other settings do all again', async () => {
    assert.deepEqual(totals(await redact('--style', 'blur')), { done: 4, kept: 0, failed: 2, review: 0 });
    assert.deepEqual(totals(await redact('--style', 'blur')), { done: 0, kept: 4, failed: 2, review: 0 });
  });

  test('a file of somebody else is not replaced', async () => {
    rmSync(`${release}/clip.record.json`);
    writeFileSync(`${release}/clip.redacted.mp4`, 'mine');
    const answer = await redact('--style', 'blur');
    assert.deepEqual(totals(answer), { done: 0, kept: 3, failed: 3, review: 0 });
    assert.match(answer.stdout, /E_OUTPUT_EXISTS/);
    assert.equal(readFileSync(`${release}/clip.redacted.mp4`, 'utf8'), 'mine');
  });
});

describe('a folder run that is interrupted', () => {
  const [evidence, release] = [place.path('cases'), place.path('cases-out')];
  const words = ['redact', evidence, '-o', release, '--profile', 'fast', '--preset', 'slower'];
  const outputsOf = (stem: string, extension: string): string[] =>
    ['exemptions.csv', 'plan.json', 'record.json', 'record.pdf', `redacted.${extension}`].map(
      (name) => `${stem}.${name}`,
    );
  const first = [...outputsOf('1', 'png'), 'tidewaiter-chain.jsonl'];
  const all = [
    ...outputsOf('1', 'png'),
    ...outputsOf('2', 'mp4'),
    'tidewaiter-chain.jsonl',
    'tidewaiter-summary.csv',
  ];
  const unfinished = (): string[] => listing(release).filter((name) => name.includes('.unfinished-'));

  before(async () => {
    mkdirSync(evidence);
    await picture(`${evidence}/1.png`, '#345');
    copyFileSync(long, `${evidence}/2.mp4`);
  });

  for (const stage of ['analyse', 'render'] as const) {
    test(`by Ctrl-C while it is to ${stage}`, async () => {
      rmSync(release, { recursive: true, force: true });
      const run = start(words);
      await run.saw(new RegExp(`${stage}: .*/96 frames`));
      const processes = descendants(run.pid);
      assert.ok(processes.length > 0);
      run.process.kill('SIGINT');
      const answer = await run.ended;
      assert.equal(answer.code, 130, answer.stdout + answer.stderr);
      assert.match(answer.stderr, /\nE_CANCELLED: .+\. .+\.\n$/);
      await assertGone(processes);
      assert.deepEqual(listing(release), first);
    });

    test(`by kill -9 while it is to ${stage}`, async () => {
      rmSync(release, { recursive: true, force: true });
      const run = start(words);
      await run.saw(new RegExp(`${stage}: .*/96 frames`));
      const processes = [await workerOf(run), ...descendants(run.pid)];
      run.process.kill('SIGKILL');
      assert.equal((await run.ended).signal, 'SIGKILL');
      await assertGone(processes);
      assert.deepEqual(
        listing(release).filter((name) => !unfinished().includes(name)),
        first,
      );
    });
  }

  test('goes on where it stopped, and clears away what was not finished', async () => {
    assert.ok(unfinished().length > 0, 'the kill left unfinished files');
    const before = fingerprints(release);
    const answer = await succeeds(...words);
    assert.match(answer.stdout, /\n1 redacted, 1 already done, 0 failed; 0 outputs need review\n/);
    assert.deepEqual(listing(release), all);
    const afterwards = fingerprints(release);
    for (const name of outputsOf('1', 'png')) assert.equal(afterwards[name], before[name]);
  });
});
