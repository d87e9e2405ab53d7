import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { generateSigningKeyPem, keyFingerprint, parseSigningKey } from '../../src/core/signing-key.ts';
import { charter } from '../../src/uses/redaction/charter.ts';
import { needs, projectRoot, sharedData } from '../needs.ts';
import { testersPolicy } from './proxy-tests.ts';

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

  test('signs what a test of a field found, and takes it in a charter by a key that a policy names', () => {
    const rows = Array.from({ length: 600 }, (_, at) => `${(at * 7) % 4},${at % 3 === 0 ? 'a' : 'b'}`);
    writeFileSync(join(folder, 'people.csv'), `lane,group\n${rows.join('\n')}\n`);
    const pem = generateSigningKeyPem();
    const name = keyFingerprint(parseSigningKey(pem, 'tester').publicKey);
    writeFileSync(join(folder, 'tester.pem'), pem);
    const words = ['check', '--data', 'people.csv', '--attribute', 'group', '--stands-for', 'race'];
    assert.match(tidewaiter(...words).err, /E_USAGE/);
    const said = tidewaiter(...words, '--key', 'tester.pem', '-o', 'tests.json');
    assert.equal(said.code, 0, said.err);
    assert.match(said.out, new RegExp(`tests.json: signed by ${name}`));
    assert.match(tidewaiter(...words, '--key', 'tester.pem', '-o', 'tests.json').err, /E_OUTPUT_EXISTS/);
    const proxyTests = JSON.parse(readFileSync(join(folder, 'tests.json'), 'utf8')) as { claims: object }[];
    const write = (file: string, tests: object[]): void => {
      const lane = { name: 'lane', meaning: 'x', personal: false, source: 'x', flows: ['used'] };
      const inputs = [...charter.inputs, { ...lane, proxyFor: ['race'], proxyTests: tests }];
      writeFileSync(join(folder, file), JSON.stringify({ ...charter, inputs }));
    };
    write('good.json', proxyTests);
    write('made-up.json', [{ ...proxyTests[0], claims: { ...proxyTests[0]!.claims, n: 9000 } }]);
    const policy = { ...testersPolicy, proxyTesters: [name] };
    writeFileSync(join(folder, 'policy.json'), JSON.stringify(policy));
    const check = (file: string, ...more: string[]): string =>
      tidewaiter('check', '--charter', file, ...more).out;
    assert.doesNotMatch(check('good.json', '--policy', 'policy.json'), /proxy\//);
    assert.match(check('good.json'), /proxy\/tester/);
    assert.match(check('made-up.json', '--policy', 'policy.json'), /proxy\/forged/);
    const out = [
      'inventory',
      'export',
      '--agency',
      'DHS',
      '--agency-name',
      'D',
      '--bureau',
      'C',
      '--contact',
    ];
    const exported = (file: string, ...more: string[]): string =>
      tidewaiter(...out, 'a@b.gov', '-o', 'uses.csv', '--charter', file, ...more).err;
    assert.match(exported('good.json'), /proxy\/tester[\s\S]*E_CHARTER/);
    assert.match(exported('made-up.json', '--policy', 'policy.json'), /proxy\/forged[\s\S]*E_CHARTER/);
    assert.equal(exported('good.json', '--policy', 'policy.json'), '');
  });
});
