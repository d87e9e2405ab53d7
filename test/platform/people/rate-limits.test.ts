import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { codeOf, ask, newApiToken, newPerson, newSession, openHouse, type House } from '../attack/house.ts';

const limits = { strangers: 40, signIns: 10, callers: 100 };
/** Each house counts for itself; behind a proxy each test takes addresses of its own. */
const house = await openHouse({ settings: (usual) => ({ ...usual, limits, trustProxy: true }) });
const direct = await openHouse({
  settings: (usual) => ({ ...usual, limits: { ...limits, strangers: 100 } }),
});
const { db } = house.platform;
/** Requests to the second house that were answered with a refusal. */
let refusedDirectly = 0;

const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });

async function statuses(
  where: House,
  path: string,
  { count, ...rest }: { count: number; headers?: Record<string, string>; method?: string; body?: unknown },
): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (let index = 0; index < count; index++) {
    const { status } = await ask(where, { path, ...rest });
    found.set(status, (found.get(status) ?? 0) + 1);
  }
  return found;
}

/** Sets a clock such that what comes next lies within one minute of it, or the number of rows would be that of two. */
function withinOneMinute({ clock }: House): void {
  const left = 60_000 - (Date.now() % 60_000);
  clock.laterMs = left < 20_000 ? left : 0;
}

async function rows(source: string) {
  return db
    .selectFrom('refusals')
    .select(['kind', 'count'])
    .where('source', '=', source)
    .orderBy('id')
    .execute();
}

describe('strangers', () => {
  test('are refused by address beyond a number, and told when to come again', async () => {
    const headers = from('192.0.2.1');
    const found = await statuses(house, '/api/v1/cases', { count: 60, headers });
    assert.ok((found.get(401) ?? 0) >= 40 && (found.get(429) ?? 0) >= 15, JSON.stringify([...found]));
    const reply = await ask(house, { path: '/api/v1/cases', headers });
    assert.deepEqual([reply.status, codeOf(reply)], [429, 'E_RATE']);
    assert.match(reply.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
    assert.equal(reply.headers.get('x-content-type-options'), 'nosniff');
    assert.equal((await ask(house, { path: '/api/v1/cases', headers: from('192.0.2.2') })).status, 401);
    for (const path of ['/healthz', '/readyz', '/metrics'])
      assert.equal((await ask(house, { path, headers })).status, 200);
  });

  test('gain nothing by another address of their IPv6 network, a made-up token, or an address before the proxy’s', async () => {
    const many = await Promise.all(
      Array.from({ length: 60 }, (_, host) =>
        ask(house, {
          path: '/api/v1/cases',
          headers: {
            'x-forwarded-for': `198.51.100.${host}, 2001:db8:0:9::${host.toString(16)}`,
            ...(host % 2 === 0
              ? { authorization: `Bearer tw_${host}` }
              : { cookie: `tidewaiter=${'A'.repeat(40)}${host}` }),
          },
        }),
      ),
    );
    const refused = many.filter(({ status }) => status === 429).length;
    assert.ok(refused >= 15, String(refused));
  });

  test('are not believed what they say of their address where there is no proxy', async () => {
    withinOneMinute(direct);
    const many = await Promise.all(
      Array.from({ length: 140 }, (_, host) =>
        ask(direct, { path: '/api/v1/cases', headers: from(`203.0.113.${host}`) }),
      ),
    );
    refusedDirectly = many.filter(({ status }) => status === 401 || status === 429).length;
    assert.ok(many.filter(({ status }) => status === 429).length >= 15);
  });

  test('are all in the log when the server stops', async () => {
    await direct.app.close();
    const written = await direct.platform.db.selectFrom('refusals').select(['kind', 'count']).execute();
    assert.equal(
      written.reduce((sum, { count }) => sum + count, 0),
      refusedDirectly,
    );
    // Thirty, and what was counted at the same moment on other connections of the pool.
    const { connections } = direct.platform.settings.database;
    assert.ok(written.length <= 31 + connections, String(written.length));
  });

  test('have fewer tries where passwords are given, whoever they are', async () => {
    const headers = from('192.0.2.3');
    const body = { login: 'nobody', password: 'nothing' };
    const found = await statuses(house, '/api/v1/session', { count: 15, headers, method: 'POST', body });
    assert.ok((found.get(429) ?? 0) >= 4, JSON.stringify([...found]));
    assert.equal(
      (await ask(house, { path: '/api/v1/session', headers })).status,
      200,
      'other routes are open',
    );
  });

  test('do not fill the log: a few rows for each minute, and how many more there were', async () => {
    const headers = { ...from('192.0.2.4'), origin: 'https://evil.example' };
    withinOneMinute(house);
    await statuses(house, '/api/v1/session', { count: 100, headers, method: 'DELETE' });
    const written = await rows('192.0.2.4');
    assert.ok(written.length <= 32, String(written.length));
    const more = written.filter(({ kind }) => kind === 'more');
    assert.equal(more.length, 1);
    assert.ok((more[0]?.count ?? 0) >= 10, 'those that were admitted by the limit');
    house.clock.laterMs = 0;
  });
});

describe('callers who have proved who they are', () => {
  test('of one office are not taken for one', async () => {
    const headers = from('192.0.2.5');
    const usual = await openHouse();
    const office = await Promise.all(
      Array.from({ length: 200 }, async () =>
        newSession(usual, await newPerson(usual, [{ site: '*', role: 'viewer' }])),
      ),
    );
    for (let round = 0; round < 3; round++) {
      const replies = await Promise.all(
        office.map((session) => ask(usual, { path: '/api/v1/cases', headers: { ...session, ...headers } })),
      );
      assert.deepEqual([...new Set(replies.map(({ status }) => status))], [200]);
    }
  });

  test('are refused each by themselves', async () => {
    const personId = await newPerson(house, [{ site: '*', role: 'viewer' }]);
    const busy = { ...(await newApiToken(house, personId, ['read'])), ...from('192.0.2.6') };
    const quiet = { ...(await newApiToken(house, personId, ['read'])), ...from('192.0.2.6') };
    assert.equal((await ask(house, { path: '/api/v1/cases', headers: quiet })).status, 200);
    const found = await statuses(house, '/api/v1/cases', { count: 130, headers: busy });
    assert.ok((found.get(200) ?? 0) >= 100 && (found.get(429) ?? 0) >= 5, JSON.stringify([...found]));
    assert.equal((await ask(house, { path: '/api/v1/cases', headers: quiet })).status, 200);
  });
});
