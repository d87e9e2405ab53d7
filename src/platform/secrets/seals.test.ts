import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Seals } from './seals.ts';

test('a seal is the HMAC that openssl makes, and holds for what it was made over only', () => {
  const key = randomBytes(32);
  const seals = new Seals(key);
  const seal = seals.make('rows', '{"id": 1, "ü": "x"}');
  const said = execFileSync(
    'openssl',
    ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${key.toString('hex')}`],
    {
      input: 'rows\n{"id": 1, "ü": "x"}',
    },
  ).toString();
  assert.ok(said.trimEnd().endsWith(seal));
  for (const again of [1, 2]) {
    assert.ok(seals.holds('rows', '{"id": 1, "ü": "x"}', seal), `time ${again}`);
    for (const [kind, facts, given] of [
      ['rows', '{"id": 2, "ü": "x"}', seal],
      ['other', '{"id": 1, "ü": "x"}', seal],
      ['rows', '{"id": 1, "ü": "x"}', seal.toUpperCase()],
      ['rows', '{"id": 1, "ü": "x"}', seal.slice(1)],
      ['rows', '{"id": 1, "ü": "x"}', ''],
      ['rows', '{"id": 1, "ü": "x"}', null],
    ] as const)
      assert.equal(seals.holds(kind, facts, given), false);
  }
  assert.equal(new Seals(randomBytes(32)).holds('rows', '{"id": 1, "ü": "x"}', seal), false);
});
