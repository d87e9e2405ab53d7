import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createPerson } from '../../../src/platform/people/accounts.ts';
import { grantRole, revokeRole } from '../../../src/platform/people/grants.ts';
import { ask, newApiToken, newPerson, newSession, openHouse } from '../attack/house.ts';
import { Client, totp, type Reply } from '../serving.ts';

const house = await openHouse();
const { db, people } = house.platform;
const password = 'seven tides at the quiet pier';
const next = 'nine boats in a warm bay';

let made = 0;
async function newcomer(): Promise<{ readonly login: string; readonly id: string }> {
  const login = `attacked${made++}`;
  const person = { login, name: 'Maria Lopez', password };
  return { login, id: await createPerson(db, people, { person, now: new Date() }) };
}

/** Somebody who has just signed in for the first time. */
async function signedIn() {
  const person = await newcomer();
  const client = new Client(house.url);
  const secret = await client.enrol(person.login, password);
  return { ...person, client, secret };
}

/** One more browser of somebody; codes are good once, so each has that of another step. */
async function elsewhere(
  { login, secret }: { login: string; secret: string },
  step: number,
): Promise<Client> {
  const client = new Client(house.url);
  await client.call('POST', '/session', { login, password });
  await client.call('POST', '/session/second-factor', { code: totp(secret, Date.now() + step * 30_000) });
  await client.call('POST', '/session/banner');
  return client;
}

const codeOf = ({ status, body }: Reply): unknown[] => [status, body['code']];
const stateOf = async (client: Client): Promise<unknown> =>
  (await client.call('GET', '/session')).body['state'];
const cookieOf = (response: Response): string => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';

describe('a session', () => {
  test('that was planted in a browser does not become that of whoever signs in there', async () => {
    const { login } = await newcomer();
    const planted = `tidewaiter=${'P'.repeat(43)}`;
    const at = async (cookie: string, path: string, method: string, body?: unknown): Promise<Response> =>
      fetch(`${house.url}/api/v1${path}`, {
        method,
        headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const first = cookieOf(await at(planted, '/session', 'POST', { login, password }));
    assert.notEqual(first, planted);
    const { secret } = (await (await at(first, '/session/enrolment', 'POST')).json()) as { secret: string };
    const second = cookieOf(await at(first, '/session/enrolment', 'PUT', { code: totp(secret) }));
    assert.notEqual(second, first);
    for (const old of [planted, first]) {
      assert.equal(((await (await at(old, '/session', 'GET')).json()) as { state: string }).state, 'none');
    }
    // Who waits with a session of their own in the victim’s browser does not have it raised either.
    const waiting = cookieOf(await at('', '/session', 'POST', { login, password }));
    const again = cookieOf(await at(waiting, '/session', 'POST', { login, password }));
    const code = totp(secret, Date.now() + 30_000);
    assert.equal((await at(again, '/session/second-factor', 'POST', { code })).status, 200);
    const state = ((await (await at(waiting, '/session', 'GET')).json()) as { state: string }).state;
    assert.equal(state, 'second-factor');
  });

  test('ends everywhere with a new password, but where it was given', async () => {
    const person = await signedIn();
    const other = await elsewhere(person, 1);
    assert.equal(await stateOf(other), 'open');
    const { client } = person;
    const wrong = await client.call('PUT', '/session/password', { current: next, next });
    assert.deepEqual(codeOf(wrong), [401, 'E_SIGN_IN']);
    assert.equal(await stateOf(other), 'open');
    const weak = await client.call('PUT', '/session/password', { current: password, next: person.login });
    assert.deepEqual(codeOf(weak), [422, 'E_PASSWORD']);
    assert.equal((await client.call('PUT', '/session/password', { current: password, next })).status, 204);
    assert.deepEqual([await stateOf(client), await stateOf(other)], ['open', 'none']);
    const old = await new Client(house.url).call('POST', '/session', { login: person.login, password });
    assert.deepEqual(codeOf(old), [401, 'E_SIGN_IN']);
  });

  test('ends everywhere when its person says so', async () => {
    const person = await signedIn();
    const other = await elsewhere(person, 1);
    assert.equal((await other.call('DELETE', '/session/everywhere')).status, 204);
    assert.deepEqual([await stateOf(person.client), await stateOf(other)], ['none', 'none']);
    assert.equal((await other.call('DELETE', '/session/everywhere')).status, 404);
  });

  test('left open for ten minutes makes no token and no factor that would outlast it', async () => {
    const { client } = await signedIn();
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const wanted = { name: 'a program', scopes: ['read'], expiresAt };
    assert.equal((await client.call('POST', '/tokens', wanted)).status, 201);
    house.clock.laterMs = 11 * 60_000;
    assert.deepEqual(codeOf(await client.call('POST', '/tokens', wanted)), [403, 'E_PROVE_AGAIN']);
    assert.deepEqual(codeOf(await client.call('POST', '/session/enrolment')), [403, 'E_PROVE_AGAIN']);
    assert.equal((await client.call('POST', '/session/unlock', { password })).status, 200);
    assert.equal((await client.call('POST', '/tokens', wanted)).status, 201);
    house.clock.laterMs = 0;
  });
});

describe('what somebody may do', () => {
  test('is over with the role, at once and for tokens too', async () => {
    const grant = { site: 'pier', role: 'officer' } as const;
    const personId = await newPerson(house, []);
    const held = [await newSession(house, personId), await newApiToken(house, personId, ['read'])];
    const answers = async (): Promise<number[]> =>
      Promise.all(held.map(async (headers) => (await ask(house, { path: '/api/v1/cases', headers })).status));
    assert.deepEqual(await answers(), [403, 403]);
    await grantRole(db, { personId, grant, now: new Date() });
    assert.deepEqual(await answers(), [200, 200]);
    await revokeRole(db, { personId, grant });
    assert.deepEqual(await answers(), [403, 403]);
  });

  test('is over with a token that is revoked, though it was used just before', async () => {
    const { client } = await signedIn();
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const wanted = { name: 'a program', scopes: ['read'], expiresAt };
    const { body } = await client.call('POST', '/tokens', wanted);
    const thief = new Client(house.url);
    thief.token = String(body['token']);
    assert.equal((await thief.call('GET', '/tokens')).status, 200);
    const stolen = await thief.call('DELETE', `/tokens/${String(body['id'])}`);
    assert.deepEqual(codeOf(stolen), [403, 'E_FORBIDDEN'], 'a token ends no tokens');
    assert.equal((await client.call('DELETE', `/tokens/${String(body['id'])}`)).status, 204);
    assert.deepEqual(codeOf(await thief.call('GET', '/tokens')), [401, 'E_NOT_SIGNED_IN']);
  });
});

describe('a guess', () => {
  test('learns nothing about which logins there are', async () => {
    const { login } = await newcomer();
    const guess = async (name: string): Promise<unknown> => {
      const reply = await new Client(house.url).call('POST', '/session', { login: name, password: next });
      const { request: _, ...rest } = reply.body;
      return [reply.status, rest, [...reply.headers.keys()].sort()];
    };
    assert.deepEqual(await guess(login), await guess('nobody-of-that-name'));
  });

  test('of a code is worth one try: neither again, nor the one before it', async () => {
    const person = await signedIn();
    const { login, secret } = person;
    const at = Date.now();
    const later = totp(secret, at + 30_000);
    const client = new Client(house.url);
    await client.call('POST', '/session', { login, password });
    assert.equal((await client.call('POST', '/session/second-factor', { code: later })).status, 200);
    for (const step of [0, 1, -1]) {
      const again = new Client(house.url);
      await again.call('POST', '/session', { login, password });
      const code = totp(secret, at + step * 30_000);
      assert.deepEqual(codeOf(await again.call('POST', '/session/second-factor', { code })), [
        401,
        'E_SIGN_IN',
      ]);
    }
  });
});
