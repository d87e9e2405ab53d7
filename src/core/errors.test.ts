import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatError, fromErrorReport, systemCode, TidewaiterError, toErrorReport } from './errors.ts';

const report = { code: 'E_EMPTY', message: 'a.mp4 is empty', remedy: 'Copy it again.' };

test('an error comes back from a report as it went in', () => {
  const error = fromErrorReport(report);
  assert.ok(error instanceof TidewaiterError);
  assert.deepEqual(toErrorReport(error), report);
});

test('anything else is a defect of ours', () => {
  assert.equal(toErrorReport(new RangeError('index 9')).code, 'E_INTERNAL');
  assert.equal(toErrorReport(new RangeError('index 9')).message, 'index 9');
  assert.equal(toErrorReport('thrown text').message, 'thrown text');
  assert.equal(toErrorReport(undefined).message, 'undefined');
});

test('an error is one line, and its message one sentence', () => {
  assert.equal(formatError(report), 'E_EMPTY: a.mp4 is empty. Copy it again.');
  const broken = { ...report, message: 'a\n  file\tis empty!' };
  assert.equal(formatError(broken), 'E_EMPTY: a file is empty! Copy it again.');
});

test('the code of a system error is found where there is one', () => {
  assert.throws(
    () => readFileSync('/nowhere/to/be/found'),
    (error) => systemCode(error) === 'ENOENT',
  );
  assert.equal(systemCode(new Error('plain')), undefined);
  assert.equal(systemCode({ code: 'ENOENT' }), undefined);
  assert.equal(systemCode(Object.assign(new Error(), { code: 7 })), undefined);
});
