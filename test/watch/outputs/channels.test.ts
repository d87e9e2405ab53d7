import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { ask, openHouse } from '../../platform/attack/house.ts';
import { until } from '../../platform/attack/redactions.ts';
import { addGate, alertOf, person, runServices, ScriptedCamera } from '../platform/desk.ts';
import { httpReceiver } from './receivers.ts';

const jpeg = Buffer.from('no picture is ever sent');
const snapshot = { jpeg, width: 64, height: 48 };

interface Told {
  readonly id: string;
  readonly what: string;
  readonly step?: string;
  readonly incident?: string;
  readonly messages?: readonly Told[];
}

describe('channels of a site', async () => {
  const house = await openHouse({
    settings: (usual) => ({ ...usual, webhooks: { ...usual.webhooks, networks: ['127.0.0.0/8'] } }),
  });
  const { db } = house.platform;
  const supervisor = await person(house, 'supervisor');
  const operator = await person(house, 'operator');
  const camera = new ScriptedCamera();
  const { errors } = runServices(house, camera.run);
  await addGate(supervisor);
  const { handlers } = await camera.begun();
  let last = 0;
  const alert = async (change: Parameters<typeof alertOf>[1] = {}): Promise<void> => {
    last += 1;
    await handlers.onAlert?.(alertOf(last, change), snapshot);
  };
  const add = async (destination: object, choice: object = {}): Promise<{ id: string; body: object }> => {
    const made = await supervisor.call('POST', '/watch/sites/pier/channels', {
      ...{ name: 'Out', destination, choice },
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return { id: String(made.body['id']), body: made.body };
  };
  const messages = async (id: string, state: string): Promise<{ problem: string; message: Told }[]> => {
    const { body } = await supervisor.call('GET', `/watch/channels/${id}/messages?state=${state}&limit=200`);
    return body['items'] as unknown as { problem: string; message: Told }[];
  };

  test('an incident goes out step by step, in order, with nothing about people', async () => {
    const receiver = await httpReceiver();
    const { id, body } = await add({ kind: 'webhook', url: receiver.url });
    assert.match(JSON.stringify(body), /"secret":"whsec_/);
    await alert();
    const read = (): Told[] => receiver.received.map(({ body: text }) => JSON.parse(text) as Told);
    await until(() => read().length === 1, 'the alert came');
    const incident = read()[0]?.incident ?? '';
    for (const step of [
      { step: 'acknowledge' },
      { step: 'dismiss', reason: 'animal', note: 'the cat of Mr Bell' },
    ]) {
      const { etag } = await operator.call('GET', `/watch/incidents/${incident}`);
      const path = `/watch/incidents/${incident}/steps`;
      assert.equal((await operator.call('POST', path, step, { 'if-match': etag })).status, 200);
    }
    await until(() => read().length === 3, 'the steps came');
    assert.deepEqual(
      read().map(({ step }) => step),
      ['new', 'acknowledged', 'dismissed'],
    );
    assert.equal(new Set(read().map((one) => one.id)).size, 3);
    const all = receiver.received.map(({ body: text }) => text).join('\n');
    assert.doesNotMatch(all, new RegExp(`Bell|${operator.id}|picture`));
    assert.match(all, new RegExp(`/watch/incidents/${incident}"`));
    const listed = await supervisor.call('GET', '/watch/sites/pier/channels');
    assert.doesNotMatch(JSON.stringify(listed.body), /whsec_/);
    assert.equal((await supervisor.call('DELETE', `/watch/channels/${id}`)).status, 204);
  });

  test('forty at once do not become forty messages, and each of them is there', async () => {
    const receiver = await httpReceiver();
    const { id } = await add({ kind: 'webhook', url: receiver.url }, { steps: ['new'], perMinute: 5 });
    const { service_id } = await db.selectFrom('watch_outputs').selectAll().executeTakeFirstOrThrow();
    assert.ok(service_id);
    for (let n = 0; n < 40; n++) await alert();
    const told = (): Told[] =>
      receiver.received.flatMap(({ body: text }) => {
        const one = JSON.parse(text) as Told;
        return one.messages ?? [one];
      });
    const left = async (): Promise<number> => (await messages(id, 'waiting')).length;
    const incidents = () => db.selectFrom('watch_incidents').select('id').execute();
    await until(async () => (await incidents()).length === 41, 'all alerts are there');
    await until(async () => told().length + (await left()) === 40, 'all were told or wait');
    assert.ok(receiver.received.length <= 5, String(receiver.received.length));
    if ((await left()) > 0) {
      // The minute is over.
      await db
        .updateTable('watch_attempts')
        .set({ at: new Date(0) })
        .execute();
      await until(async () => (await left()) === 0, 'the rest came');
    }
    assert.equal(new Set(told().map((one) => one.incident)).size, 40);
    assert.ok(receiver.received.length <= 10);
    assert.ok(receiver.received.some(({ body: text }) => text.includes('"what":"digest"')));
    await supervisor.call('DELETE', `/watch/channels/${id}`);
  });

  test('a receiver that fails is tried again; what it refuses is kept with the reason', async () => {
    let status = 503;
    const receiver = await httpReceiver(() => status);
    const { id } = await add({ kind: 'webhook', url: receiver.url }, { steps: ['new'] });
    await alert();
    await until(
      async () => (await messages(id, 'waiting'))[0]?.problem === 'its receiver answered 503',
      'it failed',
    );
    status = 200;
    await until(async () => (await messages(id, 'sent')).length === 1, 'it arrived');
    const ids = receiver.received.map(({ body }) => (JSON.parse(body) as Told).id);
    assert.ok(ids.length > 1 && new Set(ids).size === 1, 'repeats have one id');
    status = 400;
    await alert();
    await until(
      async () => (await messages(id, 'dead'))[0]?.problem === 'its receiver answered 400',
      'it was refused',
    );
    status = 200;
    await supervisor.call('POST', `/watch/channels/${id}/retry`);
    await until(async () => (await messages(id, 'sent')).length === 2, 'it was sent after all');
    const attempts = await db.selectFrom('watch_attempts').selectAll().where('channel_id', '=', id).execute();
    assert.ok(attempts.every(({ took_ms }) => took_ms > 0));
    assert.deepEqual([...new Set(attempts.map(({ arrived }) => arrived))].sort(), [false, true]);
    await supervisor.call('DELETE', `/watch/channels/${id}`);
  });

  test('a test is marked; secrets are never given out again; quiet hours hold alerts back', async () => {
    const receiver = await httpReceiver();
    const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
    const quiet = Object.fromEntries(days.map((day) => [day, ['00:00-24:00']]));
    const { id, body } = await add(
      {
        kind: 'vms-http',
        url: receiver.url,
        user: 'u',
        password: 'seven tides',
        headers: { 'x-key': 'hidden' },
        template: { format: 'json', body: '{"t": "{{text}}"}' },
      },
      { quiet, steps: ['new'] },
    );
    assert.doesNotMatch(JSON.stringify(body), /seven tides|hidden/);
    await alert();
    await until(async () => (await messages(id, 'waiting')).length === 1, 'it waits');
    assert.equal((await supervisor.call('POST', `/watch/channels/${id}/test`)).status, 202);
    await until(() => receiver.received.length === 1, 'the test came');
    assert.equal(receiver.received[0]?.body, '{"t":"TEST message of site pier"}');
    assert.equal(receiver.received[0]?.headers['x-key'], 'hidden');
    await supervisor.call('PATCH', `/watch/channels/${id}`, { choice: { steps: ['new'] } });
    await until(() => receiver.received.length === 2, 'what waited came');
    const rows = await db.selectFrom('watch_channels').selectAll().execute();
    assert.doesNotMatch(JSON.stringify(rows), /seven tides|hidden/);
    await supervisor.call('DELETE', `/watch/channels/${id}`);
  });

  test('a channel is removed while what came of a message is written down', async () => {
    const receiver = await httpReceiver();
    const { id } = await add({ kind: 'webhook', url: receiver.url });
    await sql`create function rest() returns trigger language plpgsql as 'begin perform pg_sleep(1); return null; end'`.execute(
      db,
    );
    await sql`create trigger rest after update on watch_messages execute function rest()`.execute(db);
    const resting = async (): Promise<boolean> =>
      (
        await sql`select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`.execute(
          db,
        )
      ).rows.length > 0;
    try {
      assert.equal((await supervisor.call('POST', `/watch/channels/${id}/test`)).status, 202);
      await until(resting, 'it is written down');
      assert.equal((await supervisor.call('DELETE', `/watch/channels/${id}`)).status, 204);
    } finally {
      await sql`drop trigger rest on watch_messages`.execute(db);
    }
    assert.deepEqual(errors, []);
  });

  test('addresses of this house are refused; operators set up nothing', async () => {
    const refused = await supervisor.call('POST', '/watch/sites/pier/channels', {
      ...{ name: 'In', destination: { kind: 'mqtt', host: '10.0.0.1', port: 1883, tls: false } },
    });
    assert.equal(refused.body['code'], 'E_WEBHOOK_TARGET');
    const destination = { kind: 'webhook', url: 'http://127.0.0.1:1/' };
    const forbidden = await operator.call('POST', '/watch/sites/pier/channels', { name: 'x', destination });
    assert.equal(forbidden.status, 403);
  });

  test('incidents are there as a CAP feed', async () => {
    const reply = await ask(house, { path: '/api/v1/watch/sites/pier/cap', headers: operator.headers });
    assert.match(reply.headers.get('content-type') ?? '', /^application\/atom\+xml/);
    const count = execFileSync('xmllint', ['--nonet', '--xpath', "count(//*[local-name()='alert'])", '-'], {
      input: reply.text,
    });
    const types = execFileSync('xmllint', ['--xpath', "//*[local-name()='msgType']/text()", '-'], {
      input: reply.text,
    }).toString();
    assert.ok(Number(count.toString()) >= 43);
    assert.deepEqual([...new Set(types.trim().split(/\s+/))].sort(), ['Alert', 'Cancel', 'Update']);
    assert.deepEqual(errors, []);
  });
});
