import assert from 'node:assert/strict';
import { randomUUID, webcrypto } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, describe, test } from 'node:test';
import { append, sequence } from '../../../src/platform/ledger/ledger.ts';
import { enqueueDeliveries, secretContext } from '../../../src/platform/webhooks/deliveries.ts';
import { openOffice, Sender, type Told } from './office.ts';

/** Where the receiver listens; no other address of this machine is open to webhooks. */
const RECEIVER = '127.0.0.5';
const office = await openOffice({ webhooks: { networks: [`${RECEIVER}/32`] } });
const { platform } = office;
const { db } = platform;
await platform.jobs.work();
const token = await office.person('admin', '*');
const caseId = await office.newCase('pier');

interface Arrived {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
const arrived: Arrived[] = [];
const receiver = await listen(RECEIVER);
const inside = await listen('127.0.0.1');

/** Answers with the status that its path begins with; `/flaky/...` fails the first time. */
async function listen(host: string): Promise<Server> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      const path = request.url ?? '';
      const again = arrived.some((one) => one.path === path);
      arrived.push({ path, headers: request.headers, body });
      const [, first = ''] = path.split('/');
      const status = first === 'flaky' ? (again ? 200 : 500) : Number(first);
      response
        .writeHead(status, { location: `http://${RECEIVER}:${portOf(server)}/200/elsewhere` })
        .end('answer');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  after(() => server.close());
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function call(
  method: string,
  path: string,
  body?: object,
): Promise<Told & { readonly body: Record<string, unknown> }> {
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const told = await new Sender(office.port, token).call(method, `/api/v1${path}`, type, bytes);
  return { ...told, body: (told.text === '' ? {} : JSON.parse(told.text)) as Record<string, unknown> };
}

/** @returns id and secret. */
async function newWebhook(path: string, kinds = ['test.happened']): Promise<{ id: string; secret: string }> {
  const made = await call('POST', '/webhooks', {
    url: `http://${RECEIVER}:${portOf(receiver)}${path}`,
    kinds,
  });
  assert.equal(made.status, 201, made.text);
  return made.body as { id: string; secret: string };
}

/** As if it had been made before its address came to lead inside. */
async function hookTo(url: string, failures = 0): Promise<string> {
  const id = randomUUID();
  const secret = platform.secrets.wrap(Buffer.from('secret'), secretContext(id));
  await db
    .insertInto('webhooks')
    .values({
      id,
      url,
      kinds: ['test.happened'],
      secret,
      failures,
      created_by: randomUUID(),
      created_at: new Date(),
    })
    .execute();
  return id;
}

async function happen(kind = 'test.happened'): Promise<void> {
  await db.transaction().execute((tx) =>
    append(tx, {
      kind,
      at: new Date(0),
      actor: randomUUID(),
      siteId: 'pier',
      subjects: { case: caseId },
      facts: { count: 1 },
    }),
  );
  await sequence(db, (tx, events) => enqueueDeliveries(platform, tx, events));
}

interface Delivery {
  readonly state: string;
  readonly attempt: number;
  readonly error: { readonly code: string } | null;
}

async function delivery(id: string, until: (one: Delivery) => boolean): Promise<Delivery> {
  for (;;) {
    const { body } = await call('GET', `/webhooks/${id}/deliveries`);
    const [one] = (body as { items: Delivery[] }).items;
    if (one !== undefined && until(one)) return one;
    await sleep(50);
  }
}

async function remove(id: string): Promise<void> {
  assert.equal((await call('DELETE', `/webhooks/${id}`)).status, 204);
}

describe('webhooks', () => {
  test('an event arrives once, signed, with ids and nothing else', async () => {
    const { id, secret } = await newWebhook('/200/signed');
    await happen('test.other');
    await happen();
    await delivery(id, ({ state }) => state === 'done');
    const [one, ...more] = arrived.filter(({ path }) => path === '/200/signed');
    assert.ok(one !== undefined && more.length === 0);
    const event = JSON.parse(one.body) as Record<string, unknown>;
    assert.deepEqual(event, {
      id: event['id'],
      kind: 'test.happened',
      at: '1970-01-01T00:00:00.000Z',
      subjects: { case: caseId },
    });
    const [, seconds = '', mac = ''] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(one.headers['tidewaiter-signature'])) ?? [];
    assert.ok(Math.abs(Date.now() / 1000 - Number(seconds)) < 30);
    const hmac = { name: 'HMAC', hash: 'SHA-256' };
    const key = await webcrypto.subtle.importKey('raw', Buffer.from(secret), hmac, false, ['verify']);
    const verify = (body: string): Promise<boolean> =>
      webcrypto.subtle.verify('HMAC', key, Buffer.from(mac, 'hex'), Buffer.from(`${seconds}.${body}`));
    assert.ok(await verify(one.body));
    assert.ok(!(await verify(`${one.body} `)));
    const listed = await call('GET', '/webhooks');
    assert.ok(!listed.text.includes(secret), 'it is shown once');
    await remove(id);
  });

  test('a receiver that fails is tried again with the same event', async () => {
    const { id } = await newWebhook('/flaky/once');
    await happen();
    const { attempt } = await delivery(id, ({ state }) => state === 'done');
    assert.equal(attempt, 2);
    const [first, second, ...more] = arrived.filter(({ path }) => path === '/flaky/once');
    assert.equal(first?.body, second?.body);
    assert.equal(more.length, 0);
    await remove(id);
  });

  test('redirects are not followed', async () => {
    const { id } = await newWebhook('/302/there');
    await happen();
    const { error } = await delivery(id, (one) => one.error !== null);
    assert.equal(error?.code, 'E_WEBHOOK_FAILED');
    assert.ok(!arrived.some(({ path }) => path === '/200/elsewhere'));
    await remove(id);
    await delivery(id, (one) => one.state === 'failed' && one.error?.code === 'E_WEBHOOK_OFF');
  });

  test('addresses inside are refused when a webhook is made, and again when something is sent', async () => {
    const port = portOf(inside);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '169.254.169.254', '10.0.0.1']) {
      const refused = await call('POST', '/webhooks', {
        url: `http://${host}:${port}/200/in`,
        kinds: ['a.b'],
      });
      assert.deepEqual([refused.status, refused.body['code']], [422, 'E_WEBHOOK_TARGET'], host);
    }
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]']) {
      const id = await hookTo(`http://${host}:${port}/200/in`);
      await happen();
      const { state, error, attempt } = await delivery(
        id,
        (one) => one.state !== 'queued' && one.state !== 'running',
      );
      assert.deepEqual([state, error?.code, attempt], ['failed', 'E_WEBHOOK_TARGET', 1], host);
      await remove(id);
    }
    assert.ok(!arrived.some(({ path }) => path === '/200/in'));
  });

  test('after twenty deliveries in a row that did not arrive it is switched off, until somebody switches it on', async () => {
    const id = await hookTo('http://127.0.0.1:9/', 18);
    const hook = async (): Promise<Record<string, unknown> | undefined> =>
      ((await call('GET', '/webhooks')).body as { items: Record<string, unknown>[] }).items.find(
        (one) => one['id'] === id,
      );
    const failed = async (count: number): Promise<void> => {
      while ((await hook())?.['failures'] !== count) await sleep(50);
    };
    await happen();
    await failed(19);
    assert.equal((await hook())?.['disabledAt'], null);
    await happen();
    await failed(20);
    assert.notEqual((await hook())?.['disabledAt'], null);
    await happen();
    const { body } = await call('GET', `/webhooks/${id}/deliveries`);
    assert.equal((body as { items: unknown[] }).items.length, 2);
    const enabled = await call('POST', `/webhooks/${id}/enable`);
    assert.deepEqual([enabled.body['failures'], enabled.body['disabledAt']], [0, null]);
    await remove(id);
  });

  test('only administrators of all sites have them', async () => {
    for (const [role, site] of [
      ['admin', 'pier'],
      ['supervisor', '*'],
    ] as const) {
      const other = new Sender(office.port, await office.person(role, site));
      assert.equal((await other.call('GET', '/api/v1/webhooks')).status, 403);
    }
    assert.equal((await call('POST', `/webhooks/${randomUUID()}/enable`)).status, 404);
    assert.equal((await call('DELETE', `/webhooks/${randomUUID()}`)).status, 404);
  });
});
