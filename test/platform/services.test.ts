import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { serviceKind, type ServiceKind } from '../../src/platform/services/kind.ts';
import { TidewaiterError } from '../../src/core/errors.ts';
import { ServiceRunner } from '../../src/platform/services/runner.ts';
import { startService } from '../../src/platform/services/services.ts';
import { ask, codeOf, newPerson, newSession, openHouse, type Reply } from './attack/house.ts';
import { times, until } from './service-parts.ts';

const house = await openHouse();
const { db, settings } = house.platform;
const url = settings.database.url ?? assert.fail('the house has no server');

const watch = serviceKind({
  name: 'test.watch',
  use: 'platform',
  settings: z.strictObject({ camera: z.string() }),
  concurrency: 5,
  run: async (_, { signal, tell }) => {
    tell({ frames: 3 });
    await sleep(600_000, undefined, { signal }).catch(() => undefined);
  },
});
const broken = serviceKind({
  name: 'test.broken',
  use: 'platform',
  settings: z.strictObject({}),
  concurrency: 5,
  run: () => Promise.reject(new TidewaiterError('E_LIVE_NO_VIDEO', 'no camera', 'Look at it.')),
});

const begin = (kind: ServiceKind, siteId: string, given: object): Promise<string> =>
  db
    .transaction()
    .execute((tx) => startService(tx, { kind, siteId, settings: given, by: randomUUID(), at: new Date() }));

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly wanted: string;
  readonly holder: string | null;
  readonly heartbeatAt: string | null;
  readonly lastError: { readonly message: string } | null;
  readonly note: unknown;
}

describe('services, over HTTP', () => {
  let admin: Record<string, string>;
  const runner = ServiceRunner.start({
    connection: { connectionString: url },
    kinds: [watch, broken],
    capacity: 10,
    onError: () => undefined,
    times,
  });
  after(() => runner.stop(1));
  before(async () => {
    admin = await newSession(house, await newPerson(house, [{ site: '*', role: 'admin' }]));
  });

  async function list(headers = admin, query = ''): Promise<Shown[]> {
    const reply = await ask(house, { path: `/api/v1/services${query}`, headers });
    assert.equal(reply.status, 200, reply.text);
    return (JSON.parse(reply.text) as { items: Shown[] }).items;
  }
  const shown = async (id: string): Promise<Shown> =>
    (await list()).find((one) => one.id === id) ?? assert.fail(`${id} is not listed`);
  const tell = (id: string, what: 'start' | 'stop', headers = admin): Promise<Reply> =>
    ask(house, { method: 'POST', path: `/api/v1/services/${id}/${what}`, headers });

  test('are shown with who runs them and how they are, stopped and started again', async () => {
    const id = await begin(watch, 'pier', { camera: 'rtsp://user:secret@camera' });
    await until('it runs and says so', async () => {
      const { state, note } = await shown(id);
      return state === 'running' && note !== null;
    });
    const running = await shown(id);
    assert.deepEqual([running.holder, running.wanted, running.note], [runner.id, 'running', { frames: 3 }]);
    assert.notEqual(running.heartbeatAt, null);
    assert.ok(!JSON.stringify(await list()).includes('secret'), 'what opens a camera is not shown');
    assert.equal((await tell(id, 'stop')).status, 200);
    await until('it has stopped', async () => (await shown(id)).state === 'stopped');
    const stopped = await shown(id);
    assert.deepEqual([stopped.wanted, stopped.holder], ['stopped', null]);
    assert.equal((await tell(id, 'stop')).status, 200, 'twice is no fault');
    assert.equal((JSON.parse((await tell(id, 'start')).text) as Shown).wanted, 'running');
    await until('it runs again', async () => (await shown(id)).state === 'running');
    const rows = await db.selectFrom('ledger_outbox').select('event').execute();
    const kinds = rows.map(({ event }) => (event as { kind: string; siteId: string }).kind);
    for (const kind of ['service.started', 'service.stopped', 'service.resumed'])
      assert.equal(kinds.filter((one) => one === kind).length, 1, kind);
  });

  test('that fail say why', async () => {
    const id = await begin(broken, 'pier', {});
    await until('it has failed', async () => (await shown(id)).lastError !== null);
    assert.equal((await shown(id)).lastError?.message, 'no camera');
    assert.equal((await tell(id, 'stop')).status, 200);
    await until('it is left alone', async () => (await shown(id)).state === 'stopped');
  });

  test('of other sites are neither seen nor stopped', async () => {
    const [pier, quay] = [
      await begin(watch, 'pier', { camera: 'a' }),
      await begin(watch, 'quay', { camera: 'b' }),
    ];
    const own = await newSession(house, await newPerson(house, [{ site: 'quay', role: 'admin' }]));
    assert.deepEqual(
      (await list(own)).map(({ id }) => id),
      [quay],
    );
    assert.equal(codeOf(await tell(pier, 'stop', own)), 'E_NOT_FOUND');
    const officer = await newSession(house, await newPerson(house, [{ site: 'pier', role: 'officer' }]));
    assert.equal(codeOf(await tell(pier, 'stop', officer)), 'E_FORBIDDEN');
    assert.equal(codeOf(await tell(randomUUID(), 'start')), 'E_NOT_FOUND');
    assert.deepEqual(await list(admin, '?use=redaction'), []);
    assert.equal((await list(admin, '?limit=2')).length, 2);
  });
});
