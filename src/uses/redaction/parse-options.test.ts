import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { TidewaiterError } from '../../core/errors.ts';
import { parseBox, parseFixedBox, parseNames, parsePairs, parseSpan, readLines } from './parse-options.ts';

function refused(parse: () => unknown, text: string): void {
  assert.throws(
    parse,
    (error) =>
      error instanceof TidewaiterError && error.code === 'E_OPTION' && error.message.includes('--flag'),
    text,
  );
}

describe('spans of time', () => {
  for (const [text, start, end] of [
    ['10-20', 10, 20],
    ['0:10-0:25.5', 10, 25.5],
    ['59:59-1:00:00', 3599, 3600],
    ['1:02:03.25-1:02:03.25', 3723.25, 3723.25],
  ] as const) {
    test(text, () => assert.deepEqual(parseSpan(text, '--flag'), { start, end }));
  }

  for (const text of [
    '',
    '10',
    '20-10',
    '1-2-3',
    'a-b',
    '-5-10',
    '1:-2',
    '1.-2',
    '1:2:3:4-5',
    '1e3-2e3',
    '1 - 2',
  ])
    test(`not ${text}`, () => refused(() => parseSpan(text, '--flag'), text));
});

describe('boxes', () => {
  for (const [text, box] of [
    ['100,50,320,200', { x: 100, y: 50, width: 320, height: 200 }],
    ['-3.5, 0, 10, 0.5', { x: -3.5, y: 0, width: 10, height: 0.5 }],
  ] as const) {
    test(text, () => assert.deepEqual(parseBox(text, '--flag'), box));
  }

  for (const text of [
    '',
    '1,2,3',
    '1,2,3,4,5',
    '1,2,0,4',
    '1,2,3,-4',
    '1,,3,4',
    'a,b,c,d',
    '1,2,Infinity,4',
    '1,2,NaN,4',
  ])
    test(`not ${text}`, () => refused(() => parseBox(text, '--flag'), text));

  test('with a time and without', () => {
    const box = { x: 1, y: 2, width: 3, height: 4 };
    assert.deepEqual(parseFixedBox('1,2,3,4', '--flag'), { box });
    assert.deepEqual(parseFixedBox('1,2,3,4@5-9.5', '--flag'), { box, span: { start: 5, end: 9.5 } });
  });

  // A second time that was passed over would leave uncovered what was meant.
  for (const text of ['1,2,3,4@', '@1-2', '1,2,3,4@5', '1,2,3,4@1-2@5-6'])
    test(`not ${text}`, () => refused(() => parseFixedBox(text, '--flag'), text));
});

test('pairs go to their class, a style alone is the default', () => {
  assert.deepEqual(parsePairs(['solid', 'face=blur', 'text=pixelate']), {
    default: 'solid',
    face: 'blur',
    text: 'pixelate',
  });
  assert.deepEqual(parsePairs([]), {});
});

test('names may be given together or one by one', () => {
  assert.deepEqual(parseNames(['a, b', 'c', ',', ' d ']), ['a', 'b', 'c', 'd']);
});

test('lines of a file, whichever system wrote them', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-options-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'words.txt');
  writeFileSync(path, '\ufeffJane Doe\r\n\r\n  secret word \nlast');
  assert.deepEqual(await readLines(path, '--words'), ['Jane Doe', 'secret word', 'last']);
  await assert.rejects(readLines(join(folder, 'none'), '--words'), { code: 'E_OPTION_FILE' });
});
