import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runTestFile, type FileReport } from './run-file.ts';
import { Tally } from './tally.ts';

async function runSource(source: string, timeoutSeconds = 30, signal?: AbortSignal): Promise<FileReport> {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-runner-'));
  try {
    const path = join(folder, 'sample.test.ts');
    writeFileSync(path, `import { describe, test } from 'node:test';\n${source}\n`);
    return await runTestFile(path, timeoutSeconds, signal ?? new AbortController().signal);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const outline = (report: FileReport): string[] => report.tests.map((line) => `${line.outcome} ${line.name}`);

test('counts tests, not suites, and names them in full', async () => {
  const report = await runSource(`
    describe('outer', () => {
      describe('inner', () => {
        test('good', () => {});
        test('bad', () => { throw new Error('broken on purpose'); });
      });
      test('left out', (t) => t.skip('needs a camera'));
    });
    test('alone', () => {});
  `);
  assert.deepEqual(outline(report), [
    'passed outer > inner > good',
    'failed outer > inner > bad',
    'skipped outer > left out',
    'passed alone',
  ]);
  assert.match(report.tests[1]?.detail ?? '', /broken on purpose/);
  assert.equal(report.tests[2]?.detail, 'needs a camera');
});

test('takes an early exit, a syntax error and an empty file for failures', async () => {
  const early = await runSource(`test('never told', () => process.exit(0));`);
  assert.match(early.tests.at(-1)?.detail ?? '', /ended before its first/);
  const syntax = await runSource('this is not a program');
  assert.equal(syntax.tests.at(-1)?.outcome, 'failed');
  assert.match(syntax.printed, /SyntaxError/);
  const empty = await runSource('void describe; void test;');
  assert.match(empty.tests.at(-1)?.detail ?? '', /holds no test/);
});

test('stops a test that never yields', async () => {
  const report = await runSource(`test('spins', () => { for (;;); });`, 1);
  assert.deepEqual(outline(report), ['failed (file)']);
  assert.match(report.tests[0]?.detail ?? '', /not done after 1 second/);
});

test('ends and names a program that a test left behind', { skip: process.platform !== 'linux' }, async () => {
  const report = await runSource(`
    import { spawn } from 'node:child_process';
    test('careless', () => { spawn('sleep', ['77'], { stdio: 'ignore' }).unref(); });
  `);
  assert.deepEqual(outline(report), ['passed careless', 'failed (file)']);
  assert.match(report.tests[1]?.detail ?? '', /left behind: sleep 77/);
});

test('the last line holds the counts, and skips count under CI only', () => {
  const report = (outcome: 'passed' | 'failed' | 'skipped'): FileReport => ({
    path: 'a.test.ts',
    tests: [{ kind: 'test', name: 'one', outcome, milliseconds: 1, detail: 'because' }],
    printed: 'some words',
  });
  const conclude = (reports: FileReport[], ci: boolean): [boolean, string] => {
    const lines: string[] = [];
    const tally = new Tally((line) => lines.push(...line.split('\n')));
    tally.addCheck('types', undefined);
    for (const one of reports) tally.addFile(one);
    return [tally.conclude(ci), lines.at(-1) ?? ''];
  };
  assert.deepEqual(conclude([report('passed')], true), [true, '2 passed, 0 failed']);
  assert.deepEqual(conclude([report('failed')], false), [false, '1 passed, 1 failed']);
  assert.deepEqual(conclude([report('skipped')], false), [true, '1 passed, 0 failed, 1 skipped']);
  assert.deepEqual(conclude([report('skipped')], true), [false, '1 passed, 0 failed, 1 skipped']);
});
