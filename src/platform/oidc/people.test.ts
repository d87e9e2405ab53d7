import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { base } from '../http/register.ts';
import { platformSchema } from '../migrations/index.ts';
import { changePassword, findPerson, resetPassword } from '../people/accounts.ts';
import { signIn } from '../people/sessions.ts';
import { authenticate } from '../people/session-state.ts';
import { listIdentities } from './identities.ts';
import { signInConfirmed } from './sign-in.ts';
import {
  Browser,
  admin,
  consoleWith,
  db,
  idp,
  linked,
  now,
  password,
  people,
  piv,
  server,
  usual,
} from '../../../test/platform/oidc-console.ts';

describe('people whom the provider brings', () => {
  const open = consoleWith({ createPeople: true });
  after(() => open.close());

  test('get an account without roles and without a password, once, however many windows they open', async () => {
    const sub = randomUUID();
    idp.holder = { sub, acr: piv, profile: { preferred_username: 'Jo.Smith', name: 'Jo Smith' } };
    const browsers = [new Browser(open), new Browser(open), new Browser(open)];
    const answers = await Promise.all(browsers.map((browser) => browser.signIn()));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [303, 303, 303],
    );
    const person = await findPerson(db, 'jo.smith');
    assert.equal(person?.name, 'Jo Smith');
    assert.deepEqual(await listIdentities(db, person.id), [{ issuer: `${idp.issuer}/`, subject: sub }]);
    assert.deepEqual(
      await db.selectFrom('grants').selectAll().where('person_id', '=', person.id).execute(),
      [],
    );
    const events = await db.selectFrom('ledger_outbox').select('event').execute();
    const created = events.map(({ event }) => event as { kind: string; subjects: { person?: string } });
    assert.equal(
      created.filter(({ kind, subjects }) => kind === 'person.created' && subjects.person === person.id)
        .length,
      1,
    );
  });

  test('are never taken for somebody who is here, whatever the provider calls them', async () => {
    const { login } = await linked(piv);
    for (const name of [login, 'admin', '', 'no login: <b>']) {
      const sub = randomUUID();
      idp.holder = { sub, acr: piv, profile: { preferred_username: name, name: 'Some\u0000body' } };
      const browser = new Browser(open);
      assert.equal((await browser.signIn()).status, 303, name);
      const { person } = (await browser.get('/session')).body as { person: { id: string; login: string } };
      assert.match(person.login, /^oidc-[0-9a-f]{16}$/);
      assert.notEqual(person.id, admin);
    }
  });

  test('cannot sign in with a password until an administrator sets one', async () => {
    const sub = randomUUID();
    idp.holder = { sub, acr: piv };
    const browser = new Browser(open);
    await browser.signIn();
    const { person } = (await browser.get('/session')).body as { person: { id: string; login: string } };
    const attempt = (given: string, at: Date) =>
      signIn(db, people, { login: person.login, password: given, address: '192.0.2.9', now: at });
    for (const fips of [false, true]) {
      for (const given of [password, 'null', '\u0000'.repeat(32)]) {
        const use = { ...people, fips };
        await assert.rejects(
          signIn(db, use, {
            login: person.login,
            password: given,
            address: `192.0.2.${fips ? 7 : 8}`,
            now: new Date(Date.now() + (fips ? 3_600_000 : 0)),
          }),
          { code: /E_SIGN_IN/ },
        );
      }
    }
    const token = browser.jar.get('__Host-tidewaiter') ?? '';
    await db.updateTable('sessions').set({ banner_at: now() }).where('person_id', '=', person.id).execute();
    assert.equal((await authenticate(db, people, token, now()))?.state, 'open');
    const later = new Date(Date.now() + 7_200_000);
    const change = {
      token,
      current: password,
      next: 'eleven herons by the lock',
      address: '192.0.2.9',
      now: now(),
    };
    await assert.rejects(changePassword(db, people, change), { code: /E_SIGN_IN/ });
    await resetPassword(db, people, { personId: person.id, next: password });
    assert.equal((await attempt(password, later)).session.state, 'enrol');
  });

  test('are not made before the first administrator', async () => {
    const empty = await server.database(platformSchema);
    const confirmed = {
      issuer: idp.issuer,
      subject: 'early',
      assured: true,
      profile: () => Promise.resolve({}),
    };
    await assert.rejects(
      signInConfirmed(empty.db, people, { confirmed, createPeople: true, address: '192.0.2.1', now: now() }),
      { code: 'E_OIDC' },
    );
    assert.deepEqual(await empty.db.selectFrom('people').selectAll().execute(), []);
  });
});

describe('identities', () => {
  test('are linked and taken away by administrators, on record, each to one person', async () => {
    await db.deleteFrom('ledger_outbox').execute();
    const [one, two] = [await linked(), await linked()];
    const at = (id: string): string => `${base}/people/${id}/identities`;
    const payload = { issuer: `${idp.issuer}/`, subject: one.sub };
    const listed = await usual.inject({ url: at(one.id) });
    assert.deepEqual(listed.json(), { items: [payload] });
    const taken = await usual.inject({ method: 'POST', url: at(two.id), payload });
    assert.deepEqual([taken.statusCode, taken.json<{ code: string }>().code], [409, 'E_IDENTITY_TAKEN']);
    assert.equal((await usual.inject({ method: 'POST', url: at(one.id), payload })).statusCode, 204);
    assert.equal((await usual.inject({ method: 'DELETE', url: at(two.id), payload })).statusCode, 204);
    assert.equal((await listIdentities(db, one.id)).length, 1, 'it was not theirs');
    assert.equal((await usual.inject({ method: 'DELETE', url: at(one.id), payload })).statusCode, 204);
    assert.deepEqual(await listIdentities(db, one.id), []);
    assert.equal((await usual.inject({ method: 'POST', url: at(two.id), payload })).statusCode, 204);
    const events = await db.selectFrom('ledger_outbox').select('event').orderBy('id').execute();
    const kinds = events.map(({ event }) => (event as { kind: string }).kind.replace('person.identity-', ''));
    assert.deepEqual(kinds, ['linked', 'linked', 'unlinked', 'linked']);
    assert.ok(!JSON.stringify(events).includes(one.sub), 'the ledger names nobody');
  });
});
