import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { sequence } from '../ledger/ledger.ts';
import { platformSchema } from '../migrations/index.ts';
import { createPerson, disablePerson, enablePerson, resetPassword } from './accounts.ts';
import { grantRole } from './grants.ts';
import { startSession } from './new-session.ts';
import { askNewPassword, askNewSecondFactor, chooseNewPassword, listResets } from './resets.ts';
import { setSecondFactor } from './second-factor.ts';
import { authenticate } from './session-state.ts';
import { signIn } from './sessions.ts';

const server = await startTestServer();
const { db } = await server.database(platformSchema);
const settings = { fips: false, idleMinutes: 15, sessionHours: 12 };
const now = new Date('2026-11-22T08:00:00Z');
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const password = 'four gulls over a cold harbour';
const next = 'nine boats in a warm bay';
const address = '192.0.2.1';
const reason = 'Called back on the number of the office';

let made = 0;
async function person(): Promise<{ readonly login: string; readonly id: string }> {
  const login = `person${made++}`;
  const id = await createPerson(db, settings, { person: { login, name: 'Maria Lopez', password }, now });
  const factor = { personId: id, secret: randomBytes(40), algorithm: 'sha1', step: 0, now } as const;
  await db.transaction().execute((tx) => setSecondFactor(tx, factor));
  return { login, id };
}
async function admin(): Promise<string> {
  const { id } = await person();
  await grantRole(db, { personId: id, grant: { site: '*', role: 'admin' }, now });
  return id;
}
/** All steps of a sign-in: what proves that the person is still who they were. */
const wholeSignIn = (personId: string) =>
  db.transaction().execute((tx) => startSession(tx, settings, { personId, secondFactor: true, now }));

describe('a password that an administrator resets', () => {
  test('ends with all sessions; the code chooses one that the administrator never sees, once', async () => {
    const by = await admin();
    const { id, login } = await person();
    const { token } = await wholeSignIn(id);
    const { code } = await askNewPassword(db, settings, { personId: id, by, reason, now });
    assert.equal(await authenticate(db, settings, token, now), undefined);
    await assert.rejects(signIn(db, settings, { login, password, address, now }), { code: 'E_SIGN_IN' });
    const given = { login, code, next, address, now: later(60) };
    await assert.rejects(chooseNewPassword(db, settings, { ...given, next: 'too short' }), {
      code: 'E_PASSWORD',
    });
    const { session } = await chooseNewPassword(db, settings, given);
    assert.equal(session.state, 'second-factor', 'the code is worth no more than a password');
    await assert.rejects(chooseNewPassword(db, settings, given), { code: 'E_SIGN_IN' });
    await signIn(db, settings, { login, password: next, address, now: later(61) });
    const [row] = await listResets(db, id);
    assert.deepEqual([row?.what, row?.reason, row?.askedBy, row?.signedInAt], ['password', reason, by, null]);
    assert.deepEqual(row?.usedAt, later(60));
  });

  test('takes the code of this person only, for a day, and the newest', async () => {
    const by = await admin();
    const { id, login } = await person();
    const other = await person();
    const first = await askNewPassword(db, settings, { personId: id, by, reason, now });
    const second = await askNewPassword(db, settings, { personId: id, by, reason, now });
    const give = (change: object): Promise<unknown> =>
      chooseNewPassword(db, settings, { login, code: second.code, next, address, now, ...change });
    for (const change of [
      { code: first.code },
      { login: other.login },
      { login: 'nobody' },
      { now: second.expiresAt },
    ])
      await assert.rejects(give(change), { code: 'E_SIGN_IN' });
    await give({ code: second.code.toLowerCase().replaceAll('-', ' ') });
  });

  test('is not to be guessed: wrong codes pause the login', async () => {
    const by = await admin();
    const { id, login } = await person();
    const { code } = await askNewPassword(db, settings, { personId: id, by, reason, now });
    const give = (tried: string): Promise<unknown> =>
      chooseNewPassword(db, settings, { login, code: tried, next, address: '192.0.2.9', now });
    for (let wrong = 0; wrong < 5; wrong++) await assert.rejects(give('AAAA'), { code: 'E_SIGN_IN' });
    await assert.rejects(give(code), { code: 'E_SIGN_IN_PAUSE' });
  });

  test('leaves no code behind where another password was set, or the account was shut', async () => {
    const by = await admin();
    for (const after of [
      (id: string) => resetPassword(db, settings, { personId: id, next: 'set at the server itself' }),
      async (id: string) => {
        await disablePerson(db, { personId: id, now });
        await enablePerson(db, id);
      },
    ]) {
      const { id, login } = await person();
      const { code } = await askNewPassword(db, settings, { personId: id, by, reason, now });
      await after(id);
      await assert.rejects(
        chooseNewPassword(db, settings, { login, code, next, address: '192.0.2.3', now }),
        { code: 'E_SIGN_IN' },
      );
    }
  });

  test('is none of people whom only a provider knows', async () => {
    const { id } = await person();
    await db.updateTable('people').set({ password: null }).where('id', '=', id).execute();
    await assert.rejects(askNewPassword(db, settings, { personId: id, by: await admin(), reason, now }), {
      code: 'E_RESET_PROVIDER',
    });
  });
});

describe('who resets a sign-in', () => {
  test('does not do it for themselves', async () => {
    const by = await admin();
    const own = { personId: by, by, reason, now };
    await assert.rejects(askNewPassword(db, settings, own), { code: 'E_RESET_OWN' });
    await assert.rejects(askNewSecondFactor(db, own), { code: 'E_RESET_OWN' });
  });

  test('does not reset both halves, in whatever order, before the person was signed in again', async () => {
    const [by, another] = [await admin(), await admin()];
    const one = await person();
    await askNewPassword(db, settings, { personId: one.id, by, reason, now });
    await assert.rejects(askNewSecondFactor(db, { personId: one.id, by, reason, now }), {
      code: 'E_RESET_BOTH',
    });
    await askNewSecondFactor(db, { personId: one.id, by: another, reason, now });

    const two = await person();
    const reset = { personId: two.id, by, reason, now };
    await askNewSecondFactor(db, reset);
    await assert.rejects(askNewPassword(db, settings, reset), { code: 'E_RESET_BOTH' });
    await signIn(db, settings, { login: two.login, password, address, now });
    await assert.rejects(askNewPassword(db, settings, reset), { code: 'E_RESET_BOTH' });
    await wholeSignIn(two.id);
    await askNewPassword(db, settings, reset);
  });

  test('stands in the ledger, which holds no word of the reason', async () => {
    const by = await admin();
    const { id } = await person();
    await askNewSecondFactor(db, { personId: id, by, reason, now });
    while ((await sequence(db)) > 0);
    const entries = await db.selectFrom('ledger').select('event').execute();
    const events = entries.map(({ event }) => event as { kind: string; actor: string; subjects: object });
    const found = events.filter(({ kind, actor }) => kind === 'person.second-factor-reset' && actor === by);
    assert.equal(found.length, 1);
    assert.ok(!JSON.stringify(events).includes('office'));
  });
});
