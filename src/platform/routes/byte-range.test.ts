import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteRange } from './byte-range.ts';

test('byte ranges are read as RFC 9110 has them', () => {
  const cases: readonly (readonly [string | undefined, { start: number; end: number } | undefined])[] = [
    ['bytes=0-499', { start: 0, end: 500 }],
    ['bytes=500-999', { start: 500, end: 1000 }],
    ['bytes=-500', { start: 500, end: 1000 }],
    ['bytes=950-', { start: 950, end: 1000 }],
    ['bytes=0-0', { start: 0, end: 1 }],
    ['bytes=-1', { start: 999, end: 1000 }],
    ['bytes=-5000', { start: 0, end: 1000 }],
    ['bytes=900-5000', { start: 900, end: 1000 }],
    ['bytes=0-0,-1', undefined],
    ['bytes=5-4', undefined],
    ['bytes=-', undefined],
    ['lines=1-2', undefined],
    [undefined, undefined],
  ];
  for (const [header, range] of cases) assert.deepEqual(byteRange(header, 1000), range, header);
  for (const beyond of ['bytes=1000-', 'bytes=1000-2000', 'bytes=-0'])
    assert.throws(() => byteRange(beyond, 1000), { code: 'E_VAULT_RANGE' }, beyond);
});
