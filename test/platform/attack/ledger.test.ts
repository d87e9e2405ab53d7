import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { roles } from '../../../src/platform/people/roles.ts';
import { commitment, sequence } from '../../../src/platform/ledger/ledger.ts';
import { ask, newAllThings, newPerson, newSession, openHouse, type Request } from './house.ts';
import { rules } from './routes.ts';

/** Stands in every text that somebody may write freely. */
const marker = 'Quersprung';
const free =
  /^(title|name|reason|description|note|said|login|recipient|words|text|label|statement|summary|details|contact)$/;

function planted(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return free.test(key) ? `${marker.toLowerCase()} ${value}` : value;
  if (Array.isArray(value)) return value.map((one) => planted(one, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, planted(inner, name)]));
}

test('the ledger holds no word that somebody wrote, whichever route took it', async () => {
  const house = await openHouse();
  const { db } = house.platform;
  const by = await newPerson(
    house,
    roles.map((role) => ({ site: '*', role })),
  );
  const headers = await newSession(house, by);
  const things = await newAllThings(house, 'pier', by);
  const given = {
    ...things,
    personId: await newPerson(house, []),
    ...{ tokenId: randomUUID(), uploadId: randomUUID(), webhookId: randomUUID() },
  };
  const call = async (request: Request): Promise<number> =>
    (await ask(house, { ...request, headers: { ...request.headers, ...headers } })).status;
  const send = (method: string, path: string, body: object, more = {}): Request => ({
    ...{ method, path: `/api/v1${path}`, body, headers: more },
  });
  // What the table of routes sends so that it does no harm is sent here so that it is done.
  const done = [
    send('POST', '/people', { login: 'quersprung', name: marker, password: 'a long enough one, surely' }),
    send('POST', '/tokens', {
      ...{ name: marker, scopes: ['read'] },
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    }),
    send('POST', `/people/${given.personId}/grants`, { site: 'pier', role: 'viewer' }),
    send('POST', '/cases', { site: 'pier', use: 'redaction', title: marker }),
    send('PATCH', `/cases/${things.caseId}`, { title: marker }, { 'if-match': '"1"' }),
    {
      ...{ method: 'POST', path: `/api/v1/cases/${things.caseId}/assets?name=${marker}.jpg`, body: 'bytes' },
      headers: { 'content-type': 'application/octet-stream' },
    },
    send('PUT', `/assets/${things.assetId}/hold`, { hold: true, reason: marker }),
    send('POST', `/findings/${things.findingId}/decisions`, { disposition: 'dismissed', reason: marker }),
    send('PUT', '/retention-classes/routine', {
      ...{ days: 31, countsFrom: 'created', description: marker, reason: `${marker} asked` },
    }),
  ];
  for (const request of done) assert.ok((await call(request)) < 300, `${request.method} ${request.path}`);
  let taken = 0;
  for (const { call: request } of Object.values(rules)) {
    const { body, ...rest } = request(given);
    if (body === undefined || (rest.method ?? 'GET') === 'GET' || rest.path.includes('/session')) continue;
    if ((await call({ ...rest, body: planted(body) })) < 300) taken += 1;
  }
  assert.ok(taken > 10, `only ${taken} routes took what they were sent`);
  while ((await sequence(db)) > 0);
  const events = await db.selectFrom('ledger').select('event').execute();
  const text = JSON.stringify(events);
  assert.ok(events.length > done.length);
  assert.deepEqual(
    events.filter(({ event }) => /quersprung/i.test(JSON.stringify(event))),
    [],
  );
  // The words themselves are kept beside, and can be shown to be those that were given.
  const {
    commitment: committed,
    key,
    words,
  } = await db
    .selectFrom('ledger_words')
    .selectAll()
    .where('words', '=', `${marker} asked`)
    .executeTakeFirstOrThrow();
  assert.equal(commitment(key, words), committed);
  assert.ok(text.includes(committed));
});
