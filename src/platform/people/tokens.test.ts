import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { platformSchema } from '../migrations/index.ts';
import { createPerson, disablePerson, enablePerson } from './accounts.ts';
import { grantRole, revokeRole } from './grants.ts';
import { createToken, listTokens, revokeToken, tokenReader } from './tokens.ts';

const server = await startTestServer();
const { db } = await server.database(platformSchema);
const authenticateToken = tokenReader(db);
const settings = { fips: false, idleMinutes: 15, sessionHours: 12 };
const now = new Date('2026-11-22T08:00:00Z');
const after = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const day = 86_400;
const wanted = { name: 'nightly export', scopes: ['read', 'jobs'], expiresAt: after(30 * day), now } as const;

let made = 0;
async function owner(): Promise<string> {
  const person = { login: `owner${made++}`, name: 'Maria Lopez', password: 'four gulls over a cold harbour' };
  return createPerson(db, settings, { person, now });
}

describe('an API token', () => {
  test('stands for its owner, with its own scopes', async () => {
    const personId = await owner();
    const grant = { site: '*', role: 'viewer' } as const;
    await grantRole(db, { personId, grant, now });
    const { id, token } = await createToken(db, { personId, ...wanted });
    assert.match(token, /^tw_[A-Za-z0-9_-]{43}$/);
    const expected = { personId, name: 'Maria Lopez', via: 'token', scopes: ['read', 'jobs'] };
    assert.deepEqual(await authenticateToken(token, now), { ...expected, grants: [grant] });
    await revokeRole(db, { personId, grant });
    assert.deepEqual(await authenticateToken(token, now), { ...expected, grants: [] }, 'today\u2019s roles');
    const rows = JSON.stringify(await db.selectFrom('api_tokens').selectAll().where('id', '=', id).execute());
    assert.ok(!rows.includes(token.slice(3)), 'only its hash is kept');
  });

  test('is worth nothing when it is not exactly right', async () => {
    const { token } = await createToken(db, { personId: await owner(), ...wanted });
    for (const wrong of ['', 'tw_', token.slice(3), token.slice(0, -1), `${token}A`, token.toUpperCase()]) {
      assert.equal(await authenticateToken(wrong, now), undefined);
    }
  });

  test('ends with its time', async () => {
    const { token } = await createToken(db, { personId: await owner(), ...wanted });
    assert.ok(await authenticateToken(token, after(30 * day - 1)));
    assert.equal(await authenticateToken(token, after(30 * day)), undefined);
  });

  test('ends when it is revoked, by its owner only', async () => {
    const personId = await owner();
    const { id, token } = await createToken(db, { personId, ...wanted });
    assert.equal(await revokeToken(db, { id, personId: await owner(), now }), false);
    assert.ok(await authenticateToken(token, now));
    assert.equal(await revokeToken(db, { id, personId, now }), true);
    assert.equal(await authenticateToken(token, now), undefined);
    assert.equal(await revokeToken(db, { id, personId, now: after(1) }), false);
    assert.deepEqual(
      (await listTokens(db, personId)).map(({ revokedAt }) => revokedAt),
      [now],
    );
  });

  test('is dead while its owner is disabled', async () => {
    const personId = await owner();
    const { token } = await createToken(db, { personId, ...wanted });
    await disablePerson(db, { personId, now });
    assert.equal(await authenticateToken(token, now), undefined);
    await enablePerson(db, personId);
    assert.ok(await authenticateToken(token, now));
  });

  test('remembers its last use, to the minute', async () => {
    const personId = await owner();
    const { token } = await createToken(db, { personId, ...wanted });
    const usedAt = async (): Promise<Date | null | undefined> => (await listTokens(db, personId))[0]?.usedAt;
    assert.equal(await usedAt(), null);
    await authenticateToken(token, after(1));
    await authenticateToken(token, after(60));
    assert.deepEqual(await usedAt(), after(1));
    await authenticateToken(token, after(61));
    assert.deepEqual(await usedAt(), after(61));
  });

  test('is refused for more than a year, for the past, for nothing and without a name', async () => {
    const personId = await owner();
    const wrong = [
      { expiresAt: after(367 * day) },
      { expiresAt: now },
      { expiresAt: new Date(NaN) },
      { scopes: [] },
      { name: '' },
      { name: 'two\nlines' },
    ];
    for (const change of wrong) {
      await assert.rejects(createToken(db, { personId, ...wanted, ...change }), { code: 'E_TOKEN' });
    }
    const stranger = '00000000-0000-4000-8000-000000000000';
    await assert.rejects(createToken(db, { personId: stranger, ...wanted }), { code: 'E_PERSON_UNKNOWN' });
    assert.deepEqual(await listTokens(db, personId), []);
  });
});
