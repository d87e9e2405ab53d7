import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { platformSchema } from '../migrations/index.ts';
import { changePassword, createPerson } from './accounts.ts';
import { confirmEnrolment, startEnrolment } from './enrolment.ts';
import { grantRole } from './grants.ts';
import {
  proveSecondFactor,
  acceptBanner,
  signIn,
  signOut,
  signOutEverywhere,
  touchSession,
  unlock,
} from './sessions.ts';
import { authenticate } from './session-state.ts';
import type { PeopleSettings } from './settings.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { totpCode, totpStep } from './totp.ts';

const server = await startTestServer();
const { db } = await server.database(platformSchema);
const settings: PeopleSettings = { fips: false, idleMinutes: 15, sessionHours: 12 };
const withBanner: PeopleSettings = { ...settings, banner: 'This system is monitored.' };
const password = 'four gulls over a cold harbour';
const device = 'Firefox on Windows';
const address = '192.0.2.1';
const start = new Date('2026-11-22T08:00:00Z');
const after = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000);

/** Wrapping is tested with the sign-in; here the secret of each person is needed in the open. */
const secrets = new Map<string, Buffer>();
const box: SecretBox = {
  wrap: (bytes, context) => {
    secrets.set(context, bytes);
    return bytes;
  },
  unwrap: (bytes) => bytes,
};
const codeOf = (personId: string, now: Date): string =>
  totpCode(secrets.get(`second-factor:${personId}`) ?? Buffer.alloc(0), totpStep(now), 'sha1');

let made = 0;
/** Somebody who signed in at `start`. */
async function signedIn(use = settings) {
  const login = `person${made++}`;
  const person = { login, name: 'Maria Lopez', password };
  const personId = await createPerson(db, use, { person, now: start });
  const { token } = await signIn(db, use, { login, password, address, now: start });
  await startEnrolment(db, use, box, { token, now: start });
  const code = codeOf(personId, start);
  return { login, personId, ...(await confirmEnrolment(db, use, box, { token, address, code, now: start })) };
}
/** Another session of the same person. */
async function another({ login, personId }: { login: string; personId: string }, now: Date): Promise<string> {
  const { token } = await signIn(db, settings, { login, password, address, now });
  return (await proveSecondFactor(db, settings, box, { token, code: codeOf(personId, now), address, now }))
    .token;
}
const stateOf = async (token: string, now: Date, use = settings): Promise<string | undefined> =>
  (await authenticate(db, use, token, now))?.state;

describe('an open session', () => {
  test('stands for its person, with the roles of today', async () => {
    const { personId, token } = await signedIn();
    await grantRole(db, { personId, grant: { site: '*', role: 'viewer' }, now: start });
    const session = await authenticate(db, settings, token, after(1));
    assert.equal(session?.state, 'open');
    assert.deepEqual(session.principal, {
      personId,
      name: 'Maria Lopez',
      grants: [{ site: '*', role: 'viewer' }],
      via: 'session',
      scopes: ['read', 'write', 'upload', 'jobs', 'people', 'settings'],
    });
  });

  test('is known by its token only, of which a hash is kept', async () => {
    const { token, session } = await signedIn();
    assert.match(token, /^[A-Za-z0-9_-]{43}$/);
    for (const wrong of ['', session.id, token.slice(1), `${token}A`, token.toUpperCase()]) {
      assert.equal(await authenticate(db, settings, wrong, start), undefined);
    }
    assert.ok(!JSON.stringify(await db.selectFrom('sessions').selectAll().execute()).includes(token));
  });

  test('ends after its hours, whatever happens', async () => {
    const { token, session } = await signedIn();
    for (let minutes = 10; minutes < 12 * 60; minutes += 10) {
      await touchSession(db, settings, { sessionId: session.id, address, device, now: after(minutes) });
    }
    assert.equal(await stateOf(token, after(12 * 60 - 1)), 'open');
    assert.equal(await stateOf(token, after(12 * 60)), undefined);
    const again = unlock(db, settings, { token, password, address, now: after(12 * 60) });
    await assert.rejects(again, { code: 'E_SESSION' });
  });
});

describe('an idle session', () => {
  test('locks, and stays so until the password is given', async () => {
    const { personId, token, session } = await signedIn();
    assert.equal(await stateOf(token, after(15)), 'open');
    assert.equal(await stateOf(token, after(16)), 'locked');
    await touchSession(db, settings, { sessionId: session.id, address, device, now: after(16) });
    const locked = await authenticate(db, settings, token, after(16));
    assert.equal(locked?.state, 'locked');
    assert.ok(!('principal' in locked));

    const wrong = unlock(db, settings, { token, password: 'not the password', address, now: after(17) });
    await assert.rejects(wrong, { code: 'E_SIGN_IN' });
    assert.equal((await unlock(db, settings, { token, password, address, now: after(17) })).state, 'open');
    assert.equal(await stateOf(token, after(32)), 'open');
    const log = await db.selectFrom('refusals').select('kind').where('person_id', '=', personId).execute();
    assert.deepEqual(log, [{ kind: 'unlock' }]);
  });

  test('stays open while somebody works', async () => {
    const { token, session } = await signedIn();
    const touch = (minutes: number): Promise<void> =>
      touchSession(db, settings, { sessionId: session.id, address, device, now: after(minutes) });
    await touch(10);
    await touch(20);
    assert.equal(await stateOf(token, after(34)), 'open');
    await touch(20.1);
    assert.equal(
      await stateOf(token, after(35.1)),
      'locked',
      'activity is written every quarter of a minute',
    );
  });

  test('cannot be used to enrol, change or accept anything', async () => {
    const { token } = await signedIn();
    const now = after(20);
    await assert.rejects(startEnrolment(db, settings, box, { token, now }), { code: 'E_SESSION' });
    await assert.rejects(acceptBanner(db, settings, { token, now }), { code: 'E_SESSION' });
    const next = 'nine boats in a warm bay';
    await assert.rejects(changePassword(db, settings, { token, current: password, next, address, now }), {
      code: 'E_SESSION',
    });
  });
});

describe('the use banner', () => {
  test('is accepted once for each session before it is open', async () => {
    const { token, session } = await signedIn(withBanner);
    assert.equal(session.state, 'banner');
    assert.equal(session.banner, 'This system is monitored.');
    assert.ok(!('principal' in session));
    assert.equal((await acceptBanner(db, withBanner, { token, now: after(1) })).state, 'open');
    await assert.rejects(acceptBanner(db, withBanner, { token, now: after(2) }), { code: 'E_SESSION' });
    assert.equal(await stateOf(token, after(20), withBanner), 'locked');
    assert.equal((await unlock(db, withBanner, { token, password, address, now: after(20) })).state, 'open');
  });
});

describe('signing out', () => {
  test('ends one session', async () => {
    const person = await signedIn();
    const other = await another(person, after(1));
    await signOut(db, person.token);
    await signOut(db, person.token);
    assert.deepEqual(
      [await stateOf(person.token, after(2)), await stateOf(other, after(2))],
      [undefined, 'open'],
    );
  });

  test('everywhere ends all of them, and nobody else\u2019s', async () => {
    const person = await signedIn();
    const other = await another(person, after(1));
    const bystander = await signedIn();
    await signOutEverywhere(db, person.personId);
    assert.deepEqual(
      [await stateOf(person.token, after(2)), await stateOf(other, after(2))],
      [undefined, undefined],
    );
    assert.equal(await stateOf(bystander.token, after(2)), 'open');
  });
});

describe('a new password', () => {
  const next = 'nine boats in a warm bay';

  test('ends the other sessions', async () => {
    const person = await signedIn();
    const other = await another(person, after(1));
    await changePassword(db, settings, {
      token: person.token,
      current: password,
      next,
      address,
      now: after(2),
    });
    assert.deepEqual(
      [await stateOf(person.token, after(3)), await stateOf(other, after(3))],
      ['open', undefined],
    );
    const { login } = person;
    await assert.rejects(signIn(db, settings, { login, password, address, now: after(3) }), {
      code: 'E_SIGN_IN',
    });
    await signIn(db, settings, { login, password: next, address, now: after(3) });
  });

  test('takes the one before, and the rules', async () => {
    const { token, login } = await signedIn();
    const change = (current: string, wanted: string): Promise<void> =>
      changePassword(db, settings, { token, current, next: wanted, address, now: after(1) });
    await assert.rejects(change('not the password', next), { code: 'E_SIGN_IN' });
    await assert.rejects(change(password, 'too short'), { code: 'E_PASSWORD' });
    await signIn(db, settings, { login, password, address, now: after(2) });
  });

  test('leaves no session that the old one started at the same time', async () => {
    const { login, personId, token } = await signedIn();
    const signIns = Array.from({ length: 6 }, () =>
      signIn(db, settings, { login, password, address, now: after(1) }),
    );
    const change = changePassword(db, settings, { token, current: password, next, address, now: after(1) });
    await Promise.allSettled([...signIns, change]);
    await change;
    const left = await db.selectFrom('sessions').select('id').where('person_id', '=', personId).execute();
    assert.equal(left.length, 1);
  });
});
