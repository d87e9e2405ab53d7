import assert from 'node:assert/strict';
import { pbkdf2Sync } from 'node:crypto';
import { describe, test } from 'node:test';
import { hashSync } from '@node-rs/argon2';
import {
  checkPassword,
  decoyHash,
  hashPassword,
  isAllowed,
  needsRehash,
  verifyPassword,
} from './passwords.ts';

const password = 'four gulls over a cold harbour';

describe('the rules for passwords', () => {
  test('ask for length and nothing else', () => {
    checkPassword('gulls gulls!', 'maria');
    checkPassword('ñ'.repeat(256), 'maria');
    for (const wrong of ['', 'gulls gulls', 'g'.repeat(257), 'g'.repeat(2_000_000)]) {
      assert.throws(() => checkPassword(wrong, 'maria'), { code: 'E_PASSWORD', message: /12 to 256/ });
    }
  });

  test('count characters, however they are written', () => {
    // Twelve emoji are 24 UTF-16 units; eleven letters with their accents apart are 22 code points, and 11 characters.
    checkPassword('🚢'.repeat(12), 'maria');
    assert.throws(() => checkPassword('🚢'.repeat(11), 'maria'), { code: 'E_PASSWORD' });
    assert.throws(() => checkPassword('e\u0301'.repeat(11), 'maria'), { code: 'E_PASSWORD' });
  });

  test('refuse the login and what everybody tries', () => {
    const login = 'maria.lopez@agency.example';
    assert.throws(() => checkPassword('Maria.Lopez@Agency.example', login), {
      code: 'E_PASSWORD',
      message: /login/,
    });
    for (const common of ['Password1234', '123456789012', 'ｐａｓｓｗｏｒｄ１２３４']) {
      assert.throws(() => checkPassword(common, login), { code: 'E_PASSWORD', message: /tried first/ });
    }
  });
});

for (const kind of ['argon2id', 'pbkdf2'] as const) {
  describe(`a password kept with ${kind}`, () => {
    test('is known again, and no other is', async () => {
      const stored = await hashPassword(password, kind);
      assert.equal(await verifyPassword(password, stored, kind), true);
      assert.equal(await verifyPassword(`${password} `, stored, kind), false);
      assert.equal(await verifyPassword('', stored, kind), false);
      assert.equal(await verifyPassword('g'.repeat(2_000_000), stored, kind), false);
      assert.notEqual(await hashPassword(password, kind), stored, 'the salt is new each time');
      assert.equal(needsRehash(stored, kind), false);
    });

    test('is the same from every keyboard', async () => {
      const stored = await hashPassword('\u00e9tait une fois \ufb01n', kind);
      assert.equal(await verifyPassword('e\u0301tait une fois fin', stored, kind), true);
    });

    test('that does not exist is checked at the same cost', async () => {
      const decoy = decoyHash(kind);
      assert.equal(await verifyPassword(password, decoy, kind), false);
      assert.equal(needsRehash(decoy, kind), false);
      const parameters = (phc: string): string[] => phc.split('$').slice(0, -2);
      assert.deepEqual(parameters(decoy), parameters(await hashPassword(password, kind)));
      assert.equal(decoy.length, (await hashPassword(password, kind)).length);
    });
  });
}

test('argon2id is at least as strong as OWASP asks', async () => {
  assert.match(await hashPassword(password, 'argon2id'), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('PBKDF2 is HMAC-SHA-512 with at least 210,000 rounds', async () => {
  const stored = await hashPassword(password, 'pbkdf2');
  const [, iterations, salt, key] =
    /^\$pbkdf2-sha512\$i=(\d+)\$([^$]+)\$([^$]+)$/.exec(stored)?.map(String) ?? [];
  assert.ok(Number(iterations) >= 210_000);
  const expected = pbkdf2Sync(password, Buffer.from(salt ?? '', 'base64'), Number(iterations), 64, 'sha512');
  assert.deepEqual(Buffer.from(key ?? '', 'base64'), expected);
});

test('weaker or other hashes are to be replaced', async () => {
  const weak = hashSync(password, { memoryCost: 8192, timeCost: 2, parallelism: 1 });
  assert.equal(await verifyPassword(password, weak, 'argon2id'), true);
  assert.equal(needsRehash(weak, 'argon2id'), true);
  const fips = await hashPassword(password, 'pbkdf2');
  assert.equal(await verifyPassword(password, fips, 'argon2id'), true);
  assert.equal(needsRehash(fips, 'argon2id'), true);
  assert.equal(needsRehash(fips.replace(/i=\d+/, 'i=1000'), 'pbkdf2'), true);
});

test('the FIPS profile computes no argon2', async () => {
  const stored = await hashPassword(password, 'argon2id');
  assert.equal(isAllowed(stored, 'pbkdf2'), false);
  await assert.rejects(verifyPassword(password, stored, 'pbkdf2'), {
    code: 'E_PASSWORD_FIPS',
    message: /argon2id.*FIPS/,
  });
});
