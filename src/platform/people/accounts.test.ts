import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { platformSchema } from '../migrations/index.ts';
import type { Database } from '../store/database.ts';
import { createPerson, disablePerson, enablePerson, findPerson, resetPassword } from './accounts.ts';
import { grantRole, revokeRole } from './grants.ts';
import type { Grant } from './roles.ts';
import { authenticate, grantsOf } from './session-state.ts';
import { signIn } from './sessions.ts';

const server = await startTestServer();
const { db } = await server.database(platformSchema);
await db.insertInto('sites').values({ id: 'pier', name: 'Pier', time_zone: 'Europe/Madrid' }).execute();
const settings = { fips: false, idleMinutes: 15, sessionHours: 12 };
const now = new Date('2026-11-22T08:00:00Z');
const password = 'four gulls over a cold harbour';
const address = '192.0.2.1';
const admin: Grant = { site: '*', role: 'admin' };

let made = 0;
const newLogin = (): string => `person${made++}`;
async function person(login = newLogin()): Promise<string> {
  return createPerson(db, settings, { person: { login, name: 'Maria Lopez', password }, now });
}
const codeOf = (result: PromiseSettledResult<unknown>): string =>
  result.status === 'fulfilled' ? 'done' : String((result.reason as { code?: string }).code);

describe('an account', () => {
  test('is found however its login is typed', async () => {
    const id = await person('Maria.Lopez@agency.example');
    assert.deepEqual(await findPerson(db, ' maria.lopez@AGENCY.example '), {
      id,
      name: 'Maria Lopez',
      disabled: false,
    });
    assert.equal(await findPerson(db, 'nobody'), undefined);
    const row = await db.selectFrom('people').select('password').where('id', '=', id).executeTakeFirst();
    assert.match(row?.password ?? '', /^\$argon2id\$/);
  });

  test('has a login of its own', async () => {
    const login = newLogin();
    const results = await Promise.allSettled([person(login), person(login.toUpperCase()), person(login)]);
    assert.deepEqual(results.map(codeOf).sort(), ['E_LOGIN_TAKEN', 'E_LOGIN_TAKEN', 'done']);
  });

  test('has a usable login, name and password', async () => {
    const make = (change: object): Promise<string> =>
      createPerson(db, settings, { person: { login: newLogin(), name: 'Maria', password, ...change }, now });
    for (const login of ['', ' ', 'two words', '-x', 'x'.repeat(101), '<b>x</b>', 'a\u202eb']) {
      await assert.rejects(make({ login }), { code: 'E_PERSON' });
    }
    for (const name of ['', ' ', 'two\nlines', 'x'.repeat(201), 'a\u202eb']) {
      await assert.rejects(make({ name }), { code: 'E_PERSON' });
    }
    await assert.rejects(make({ password: 'too short' }), { code: 'E_PASSWORD' });
    await assert.rejects(make({ login: 'a-very-long-login', password: 'A-very-long-login' }), {
      code: 'E_PASSWORD',
    });
  });

  test('is made in the transaction of its caller, or not at all', async () => {
    const login = newLogin();
    const failing = db.transaction().execute(async (tx) => {
      await createPerson(tx, settings, { person: { login, name: 'Maria', password }, now });
      throw new Error('the caller failed');
    });
    await assert.rejects(failing, /the caller failed/);
    assert.equal(await findPerson(db, login), undefined);
  });
});

describe('roles', () => {
  test('are held for each site, or for all', async () => {
    const personId = await person();
    const officer: Grant = { site: 'pier', role: 'officer' };
    const privacy: Grant = { site: '*', role: 'privacy' };
    for (const grant of [officer, privacy, officer]) await grantRole(db, { personId, grant, now });
    assert.deepEqual(await grantsOf(db, personId), [privacy, officer]);
    await revokeRole(db, { personId, grant: { site: 'pier', role: 'privacy' } });
    await revokeRole(db, { personId, grant: officer });
    assert.deepEqual(await grantsOf(db, personId), [privacy]);
  });

  test('take a site and a person that exist', async () => {
    const grant: Grant = { site: 'nowhere', role: 'officer' };
    await assert.rejects(grantRole(db, { personId: await person(), grant, now }), { code: 'E_SITE_UNKNOWN' });
    const personId = '00000000-0000-4000-8000-000000000000';
    await assert.rejects(grantRole(db, { personId, grant: admin, now }), { code: 'E_PERSON_UNKNOWN' });
  });
});

describe('somebody who is disabled', () => {
  test('has no session any more and gets none', async () => {
    const login = newLogin();
    const personId = await person(login);
    const { token } = await signIn(db, settings, { login, password, address, now });
    assert.ok(await authenticate(db, settings, token, now));
    await disablePerson(db, { personId, now });
    assert.equal(await authenticate(db, settings, token, now), undefined);
    await assert.rejects(signIn(db, settings, { login, password, address, now }), { code: 'E_SIGN_IN' });
    await enablePerson(db, personId);
    assert.equal(
      await authenticate(db, settings, token, now),
      undefined,
      'an old session does not come back',
    );
    await signIn(db, settings, { login, password, address, now });
  });
});

test('a password that an administrator sets ends all sessions', async () => {
  const login = newLogin();
  const personId = await person(login);
  const { token } = await signIn(db, settings, { login, password, address, now });
  await assert.rejects(resetPassword(db, settings, { personId, next: 'too short' }), { code: 'E_PASSWORD' });
  const next = 'nine boats in a warm bay';
  await resetPassword(db, settings, { personId, next });
  assert.equal(await authenticate(db, settings, token, now), undefined);
  await assert.rejects(signIn(db, settings, { login, password, address, now }), { code: 'E_SIGN_IN' });
  await signIn(db, settings, { login, password: next, address, now });
});

describe('the last admin of all sites', () => {
  test('stays, enabled and with the role', async () => {
    const { db } = await server.database(platformSchema);
    const make = (login: string): Promise<string> =>
      createPerson(db, settings, { person: { login, name: 'Maria', password }, now });
    const personId = await make('first');
    await disablePerson(db, { personId: await make('nobody-special'), now });
    await grantRole(db, { personId, grant: admin, now });
    await assert.rejects(disablePerson(db, { personId, now }), { code: 'E_LAST_ADMIN' });
    await assert.rejects(revokeRole(db, { personId, grant: admin }), { code: 'E_LAST_ADMIN' });
    assert.deepEqual(await grantsOf(db, personId), [admin]);
    assert.equal((await findPerson(db, 'first'))?.disabled, false);

    const second = await make('second');
    await grantRole(db, { personId: second, grant: admin, now });
    await disablePerson(db, { personId: second, now });
    await assert.rejects(
      revokeRole(db, { personId, grant: admin }),
      { code: 'E_LAST_ADMIN' },
      'a disabled one does not count',
    );
    await revokeRole(db, { personId: second, grant: admin });
  });

  const disable = (db: Database, personId: string): Promise<void> => disablePerson(db, { personId, now });
  const revoke = (db: Database, personId: string): Promise<void> =>
    revokeRole(db, { personId, grant: admin });
  for (const [name, one, other] of [
    ['disabled', disable, disable],
    ['without the role', revoke, revoke],
    ['one disabled and one without the role', disable, revoke],
    ['one without the role and one disabled', revoke, disable],
  ] as const) {
    test(`stays when the last two would be ${name} at the same time`, async () => {
      const { db } = await server.database(platformSchema);
      const ids: string[] = [];
      for (const login of ['first', 'second']) {
        const person = { login, name: 'Maria', password };
        const personId = await createPerson(db, settings, { person, now });
        await grantRole(db, { personId, grant: admin, now });
        ids.push(personId);
      }
      const [first = '', second = ''] = ids;
      const late = await db.transaction().execute(async (tx) => {
        await one(tx, first);
        const attempt = Promise.allSettled([other(db, second)]);
        // Long enough for the other one to come to its end, if nothing held it.
        await Promise.race([attempt, setTimeout(300)]);
        return { attempt };
      });
      assert.deepEqual((await late.attempt).map(codeOf), ['E_LAST_ADMIN']);
    });
  }
});
