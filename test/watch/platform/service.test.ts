import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import type { Calendar } from '../../../src/uses/watch/calendar/calendar.ts';
import { openHouse } from '../../platform/attack/house.ts';
import { until } from '../../platform/attack/redactions.ts';
import { addGate, alertOf, person, runServices, ScriptedCamera } from './desk.ts';

const picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#246' } })
  .jpeg()
  .toBuffer();
const snapshot = { jpeg: picture, width: 64, height: 48 };

describe('a watched camera', async () => {
  const house = await openHouse();
  const { db } = house.platform;
  const supervisor = await person(house, 'supervisor');
  const camera = new ScriptedCamera();
  const { runner } = runServices(house, camera.run);
  const id = await addGate(supervisor);
  const { task, handlers } = await camera.begun();
  const state = async (): Promise<string> =>
    String((await supervisor.call('GET', `/watch/cameras/${id}`)).body['state']);
  const spool = join(house.platform.settings.data, 'watch', 'spool');

  test('is given its slot, its calendar and its credentials, which nobody is shown', async () => {
    assert.equal(task.camera.id, 'gate');
    assert.equal(task.calendar.timeZone, 'America/Chicago');
    assert.deepEqual(task.source, {
      url: 'rtsp://127.0.0.1:9/gate',
      ...{ user: 'viewer', password: 'seven tides' },
    });
    assert.ok(handlers.permit !== undefined);
    const { body } = await supervisor.call('GET', `/watch/cameras/${id}`);
    assert.equal(body['hasCredentials'], true);
    assert.doesNotMatch(JSON.stringify(body), /seven tides/);
    const inAddress = await supervisor.call('PATCH', `/watch/cameras/${id}`, {
      source: { url: 'rtsp://viewer:seven@127.0.0.1/x' },
    });
    assert.equal(inAddress.status, 400);
  });

  test('tells its state, and its coverage is right to a second', async () => {
    const began = Date.now();
    await handlers.onState?.({ state: 'live', since: began });
    await until(async () => (await state()) === 'seeing', 'it sees');
    await sleep(2500);
    // The last picture came a while before anybody could notice.
    const lost = Date.now() - 1000;
    await handlers.onState?.({ state: 'lost', since: lost });
    await until(async () => (await state()) === 'blind', 'it is blind');
    await sleep(1500);
    const back = Date.now();
    await handlers.onState?.({ state: 'live', since: back });
    const frozen = back + 400;
    await sleep(800);
    await handlers.onHealth?.({ state: 'frozen', since: frozen });
    await until(async () => (await state()) === 'blind', 'it is frozen');
    await sleep(1200);
    const good = Date.now();
    await handlers.onHealth?.({ state: 'good', since: good });
    await until(async () => (await state()) === 'seeing', 'it sees again');
    await sleep(1500);
    const end = Date.now();
    const [from, to] = [new Date(began).toISOString(), new Date(end).toISOString()];
    const { body } = await supervisor.call('GET', `/watch/cameras/${id}/coverage?from=${from}&to=${to}`);
    const hours = body['hours'] as unknown as Record<'seeing' | 'blind' | 'unwatched', number>[];
    const sum = (what: 'seeing' | 'blind' | 'unwatched'): number =>
      hours.reduce((total, hour) => total + hour[what], 0);
    const near = (got: number, ms: number, what: string): void =>
      assert.ok(Math.abs(got - ms / 1000) <= 1.05, `${what}: ${got} s, not ${ms / 1000}`);
    near(sum('seeing'), lost - began + (frozen - back) + (end - good), 'seeing');
    near(sum('blind'), back - lost + (good - frozen), 'blind');
    near(sum('unwatched'), 0, 'unwatched');
  });

  test('hours that change while its worker begins reach it when it has begun, and each change once', async () => {
    const end = new Date(Date.now() + 600_000).toISOString();
    const override = { camera: id, state: 'armed', reason: 'a noise', until: end };
    const { status, body } = await supervisor.call('POST', '/watch/sites/pier/overrides', override);
    assert.equal(status, 201);
    await sleep(2500);
    const told: Calendar[] = [];
    handlers.onStarted?.((calendar) => void told.push(calendar));
    await until(() => told.length === 1, 'it is told');
    assert.deepEqual(
      told[0]!.overrides.map(({ state: what, reason }) => [what, reason]),
      [['armed', 'a noise']],
    );
    await supervisor.call('POST', `/watch/overrides/${String(body['id'])}/end`);
    await until(() => told.length === 2, 'and that it ended');
    await sleep(2500);
    assert.equal(told.length, 2);
    assert.ok((told[1]!.overrides[0]?.to ?? Infinity) <= Date.now());
  });

  test('forty alerts in a minute are all kept, each once, with their pictures', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => Promise.resolve(handlers.onAlert?.(alertOf(n + 1), snapshot))),
    );
    const kept = async (): Promise<number> =>
      (await db.selectFrom('watch_alerts').select('id').where('snapshot', 'is not', null).execute()).length;
    await until(async () => (await kept()) === 40, 'all are kept');
    const { body } = await supervisor.call('GET', '/watch/incidents?limit=200');
    const items: unknown = body['items'];
    assert.ok(Array.isArray(items) && items.length === 40);
    const events = await db
      .selectFrom('watch_alerts')
      .select(['alert', 'created_at'])
      .orderBy('created_at')
      .execute();
    assert.deepEqual(
      events.map(({ alert }) => alert.time),
      Array.from({ length: 40 }, (_, n) => n + 1),
      'in order',
    );
  });

  test('is taken over, and nothing of what the first run told is lost or told twice', async () => {
    await handlers.onAlert?.(alertOf(41), snapshot);
    await runner.stop(5);
    await until(async () => (await state()) === 'off', 'it is told that nobody watches');
    assert.ok(handlers.signal.aborted);
    const next = new ScriptedCamera();
    runServices(house, next.run);
    const again = await next.begun();
    await again.handlers.onState?.({ state: 'live', since: Date.now() });
    // The new run counts its alerts from one again.
    await again.handlers.onAlert?.(alertOf(1), snapshot);
    const count = async (): Promise<number> =>
      (await db.selectFrom('watch_alerts').select('id').execute()).length;
    await until(async () => (await count()) === 42, 'both are there');
    await until(() => !existsSync(spool) || readdirSync(spool).length === 2, 'only the new run has a spool');

    const off = await supervisor.call('GET', `/watch/cameras/${id}`);
    const changed = await supervisor.call(
      'PATCH',
      `/watch/cameras/${id}`,
      { enabled: false },
      { 'if-match': off.etag },
    );
    assert.equal(changed.status, 200);
    await until(() => again.handlers.signal.aborted, 'it is switched off');
    await until(async () => (await state()) === 'off', 'and says so');
  });
});
