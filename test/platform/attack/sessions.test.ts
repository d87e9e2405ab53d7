import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { createPerson, disablePerson } from '../../../src/platform/people/accounts.ts';
import { grantRole } from '../../../src/platform/people/grants.ts';
import { Client, totp } from '../serving.ts';
import {
  ask,
  codeOf,
  newApiToken,
  newPerson,
  newSession,
  newAllThings,
  openHouse,
  type AllThings,
} from './house.ts';

const house = await openHouse();
const { db, people } = house.platform;
const password = 'seven tides at the quiet pier';

describe('sessions and tokens under attack', () => {
  let things: AllThings;
  let personId: string;
  let headers: Record<string, string>;

  before(async () => {
    personId = await newPerson(house, [{ site: '*', role: 'admin' }]);
    headers = await newSession(house, personId);
    things = await newAllThings(house, 'pier', personId);
  });

  async function refusals(): Promise<number> {
    const row = await db
      .selectFrom('refusals')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('kind', '=', 'cross-site')
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  test('what another site makes a browser send is refused and logged', async () => {
    const path = `/api/v1/assets/${things.assetId}/hold`;
    const body = { hold: true, reason: 'another site wants it' };
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://127.0.0.1:${house.port + 1}` },
      { 'sec-fetch-site': 'cross-site', origin: house.url },
    ];
    const before = await refusals();
    for (const from of foreign) {
      const reply = await ask(house, { method: 'PUT', path, body, headers: { ...headers, ...from } });
      assert.equal(codeOf(reply), 'E_CROSS_SITE', JSON.stringify(from));
      const out = await ask(house, {
        method: 'DELETE',
        path: '/api/v1/session',
        headers: { ...headers, ...from },
      });
      assert.equal(codeOf(out), 'E_CROSS_SITE', 'nor can it sign anybody out');
    }
    assert.equal((await refusals()) - before, 2 * foreign.length);
    const asset = await ask(house, { path: `/api/v1/assets/${things.assetId}`, headers });
    assert.equal((JSON.parse(asset.text) as { legalHold: boolean }).legalHold, false);
    for (const from of [{ 'sec-fetch-site': 'same-origin' }, { origin: house.url }]) {
      const own = { ...body, hold: false };
      const reply = await ask(house, { method: 'PUT', path, body: own, headers: { ...headers, ...from } });
      assert.equal(reply.status, 200, reply.text);
    }
  });

  test('a form of another site cannot say anything: only JSON is read', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const reply = await ask(house, {
        method: 'POST',
        path: '/api/v1/session',
        body: JSON.stringify({ login: 'x', password: 'x' }),
        headers: { 'content-type': type },
      });
      assert.equal(codeOf(reply), 'E_MEDIA_TYPE', type);
    }
  });

  test('tokens count in headers only', async () => {
    const { authorization = '' } = await newApiToken(house, personId, ['read']);
    const token = authorization.slice('Bearer '.length);
    for (const query of [`token=${token}`, `access_token=${token}`, `authorization=Bearer%20${token}`])
      assert.equal((await ask(house, { path: `/api/v1/cases?${query}` })).status, 401);
    for (const given of [token, `Basic ${token}`, `Bearer ${token} x`, `Bearer  `, `Bearer ${token}x`]) {
      const reply = await ask(house, { path: '/api/v1/cases', headers: { authorization: given } });
      assert.equal(reply.status, 401, given);
    }
    const asCookie = { cookie: `tidewaiter=${token}` };
    assert.equal((await ask(house, { path: '/api/v1/cases', headers: asCookie })).status, 401);
    // A token that is not valid is not made good by a cookie.
    const both = { ...headers, authorization: 'Bearer tw_wrong' };
    assert.equal((await ask(house, { path: '/api/v1/cases', headers: both })).status, 401);
  });

  test('a session ends with signing out, a code is good once, an account that is shut is shut', async () => {
    const now = new Date();
    const id = await createPerson(db, people, { person: { login: 'maria', name: 'Maria', password }, now });
    await grantRole(db, { personId: id, grant: { site: 'pier', role: 'officer' }, now });
    const client = new Client(house.url);
    const secret = await client.enrol('maria', password);
    const cookie = /^tidewaiter=[^;]+/;
    const signedIn = await client.raw('POST', '/session', {
      body: JSON.stringify({ login: 'maria', password }),
      headers: { 'content-type': 'application/json' },
    });
    const [set = ''] = signedIn.headers.getSetCookie();
    assert.match(set, /; HttpOnly(;|$)/);
    assert.match(set, /; SameSite=Strict(;|$)/);
    assert.match(set, /; Path=\/(;|$)/);
    assert.doesNotMatch(set, /Domain/);
    const halfway = { cookie: cookie.exec(set)?.[0] ?? '' };
    assert.equal((await ask(house, { path: '/api/v1/cases', headers: halfway })).status, 401);

    const code = totp(secret, Date.now() + 30_000);
    const proved = await client.call('POST', '/session/second-factor', { code });
    assert.equal(proved.status, 200, JSON.stringify(proved.body));
    assert.equal(
      (await ask(house, { path: '/api/v1/session', headers: halfway })).text.includes('none'),
      true,
    );
    const again = new Client(house.url);
    await again.call('POST', '/session', { login: 'maria', password });
    const replayed = await again.call('POST', '/session/second-factor', { code });
    assert.deepEqual([replayed.status, replayed.body['code']], [401, 'E_SIGN_IN']);

    await client.call('POST', '/session/banner');
    assert.equal((await client.call('GET', '/cases')).status, 200);
    assert.equal((await client.call('DELETE', '/session')).status, 204);
    assert.equal((await client.call('GET', '/cases')).status, 401);

    const session = await newSession(house, id);
    const token = await newApiToken(house, id, ['read']);
    for (const held of [session, token])
      assert.equal((await ask(house, { path: '/api/v1/cases', headers: held })).status, 200);
    house.clock.laterMs = 2 * 3_600_000;
    for (const held of [session, token])
      assert.equal(
        (await ask(house, { path: '/api/v1/cases', headers: held })).status,
        401,
        'it has expired',
      );
    house.clock.laterMs = 0;
    await disablePerson(db, { personId: id, now });
    for (const held of [session, token])
      assert.equal(
        (await ask(house, { path: '/api/v1/cases', headers: held })).status,
        401,
        'the account is shut',
      );
  });

  test('of two changes to what both saw, one is made', async () => {
    const path = `/api/v1/cases/${things.caseId}`;
    for (let round = 0; round < 10; round++) {
      const etag = (await ask(house, { path, headers })).headers.get('etag') ?? '';
      const change = (title: string) =>
        ask(house, { method: 'PATCH', path, body: { title }, headers: { ...headers, 'if-match': etag } });
      const replies = await Promise.all(['a', 'b', 'c'].map(change));
      assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 412, 412]);
    }
  });
});
