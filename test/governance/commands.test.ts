import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { needs, projectRoot, sharedData } from '../needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'tw-governance-'));
after(() => rmSync(folder, { recursive: true }));

function tidewaiter(...words: string[]): { code: number | null; out: string; err: string } {
  const bin = join(projectRoot, 'bin', 'tidewaiter.js');
  const run = spawnSync(process.execPath, [bin, 'governance', ...words], { cwd: folder, encoding: 'utf8' });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

const events = (out: string): Record<string, unknown>[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('tidewaiter governance', () => {
  test('exports our uses, which then check without a finding', () => {
    const words = ['inventory', 'export', '-o', 'own.csv', '--agency', 'DHS', '--agency-name', 'Department'];
    const said = tidewaiter(...words, '--bureau', 'CBP', '--contact', 'ai@example.gov');
    assert.equal(said.code, 0, said.err);
    const again = tidewaiter(...words, '--bureau', 'CBP', '--contact', 'ai@example.gov');
    assert.match(again.err, /E_OUTPUT_EXISTS/);
    const checked = tidewaiter('inventory', 'check', 'own.csv');
    assert.equal(checked.code, 0, checked.out);
    assert.match(checked.out, /0 errors, 0 warnings, 0 notices/);
  });

  test('names what the inventory of a department lacks, and ends with 1', (t) => {
    if (!needs(t, 'shared')) return;
    const file = join(sharedData, 'governance', 'inventory', '2025_DHS.csv');
    const text = tidewaiter('inventory', 'check', file, '--on', '2026-02-01');
    assert.equal(text.code, 1);
    assert.match(text.out, /23 of 38 \(61 %, 95 % interval 43 to 76 %\)/);
    const lines = events(tidewaiter('inventory', 'check', file, '--json').out);
    const finding = lines.find(({ rule }) => rule === 'practice/not-met');
    assert.deepEqual(
      [finding?.['event'], finding?.['level'], finding?.['row'], finding?.['field'], finding?.['text']],
      ['finding', 'error', 32, 'hi_assessment_completed', 'In-progress'],
    );
    const records = events(tidewaiter('inventory', 'import', file, '--json').out);
    assert.equal(records.filter(({ event }) => event === 'record').length, 238);
  });

  test('checks charters, refuses a file that is none, and blocks a field that stands for a group', () => {
    assert.equal(tidewaiter('check').code, 0);
    const [charter] = events(tidewaiter('check', '--json').out);
    assert.equal(charter?.['mayRun'], true);
    writeFileSync(join(folder, 'bad.yaml'), 'use: x\n');
    assert.match(tidewaiter('check', '--charter', 'bad.yaml').err, /E_CHARTER: bad.yaml is no charter/);
    const rows = Array.from(
      { length: 300 },
      (_, at) => `${at % 3},${(at * 7) % 4},${at % 3 === 0 ? 'a' : 'b'}`,
    );
    writeFileSync(join(folder, 'table.csv'), `zone,lane,group\n${rows.join('\n')}\n`);
    const said = tidewaiter('check', '--data', 'table.csv', '--attribute', 'group');
    assert.equal(said.code, 1);
    assert.match(said.out, /zone: BLOCKED, n = 300/);
    assert.match(said.out, /lane: may be used, n = 300/);
    assert.match(tidewaiter('check', '--data', 'table.csv').err, /E_USAGE/);
  });
});
