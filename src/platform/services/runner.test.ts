import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { z } from 'zod';
import { fromErrorReport, TidewaiterError, toErrorReport } from '../../core/errors.ts';
import { startTestServer, type TestDatabase } from '../../../test/platform/postgres.ts';
import { at, begin, by, kept, row, times, until, watching } from '../../../test/platform/service-parts.ts';
import { withServices, type Told } from '../../../test/platform/service-parts.ts';
import { fenced } from './fenced.ts';
import { serviceKind, type ServiceContext, type ServiceKind } from './kind.ts';
import { ServiceRunner, type ServiceRunnerOptions } from './runner.ts';
import { changeService, listServices, resumeService, stopService } from './services.ts';

const server = await startTestServer();
const open: ServiceRunner[] = [];
after(() => Promise.all(open.map((runner) => runner.stop(1))));

function runner(
  { connection }: TestDatabase,
  kind: ServiceKind,
  more: Partial<ServiceRunnerOptions> = {},
): ServiceRunner {
  const own = ServiceRunner.start({
    connection,
    kinds: [kind],
    capacity: 20,
    onError: () => undefined,
    times,
    ...more,
  });
  open.push(own);
  return own;
}

/** A kind of which the test says what it does. */
const doing = (run: (context: ServiceContext) => Promise<void>): ServiceKind =>
  serviceKind({
    name: 'test.do',
    use: 'platform',
    settings: z.strictObject({}),
    concurrency: 5,
    run: (_, context) => run(context),
  });

const asleep = ({ signal }: ServiceContext): Promise<void> =>
  sleep(600_000, undefined, { signal }).catch(() => undefined);

describe('a service', () => {
  test('runs, says how it goes, changes, stops and runs again, and each is in the ledger', async () => {
    const database = await withServices(server);
    const { db } = database;
    const told: Told[] = [];
    const kind = watching(db, (one) => told.push(one));
    runner(database, kind);
    await sleep(300);
    const id = await begin(db, kind, { n: 1 });
    await until('it says 1', async () => JSON.stringify((await row(db, id)).note) === '{"n":1}');

    const change = (n: unknown): Promise<boolean> =>
      db.transaction().execute((tx) => changeService(tx, { id, kind, settings: { n }, by, at }));
    await assert.rejects(change('many'), { code: 'E_SERVICE_SETTINGS', message: /n: / });
    assert.equal(await change(2), true);
    await until('it says 2', async () => JSON.stringify((await row(db, id)).note) === '{"n":2}');

    const stop = (): Promise<boolean> => db.transaction().execute((tx) => stopService(tx, { id, by, at }));
    assert.equal(await stop(), true);
    assert.equal(await stop(), false, 'once');
    await until('it has stopped', async () => (await row(db, id)).state === 'stopped');
    const before = (await kept(db, id)).length;
    await sleep(500);
    assert.equal((await kept(db, id)).length, before);

    assert.equal(await db.transaction().execute((tx) => resumeService(tx, { id, by, at })), true);
    await until('it runs again', async () => (await row(db, id)).generation === 3);
    assert.deepEqual(
      told.map(({ what, generation }) => [what, generation]),
      [
        ['begun', 1],
        ['ended', 1],
        ['begun', 2],
        ['ended', 2],
        ['begun', 3],
      ],
    );
    const [listed, ...rest] = await listServices(db, { siteIds: ['pier'], use: 'platform' });
    assert.deepEqual(
      [listed?.id, listed?.state, listed?.restarts, listed?.settings, rest],
      [id, 'running', 0, { n: 2 }, []],
    );
    assert.deepEqual(await listServices(db, { siteIds: [] }), []);
    const events = await db.selectFrom('ledger_outbox').select('event').orderBy('id').execute();
    assert.deepEqual(
      events.map(({ event }) => (event as { kind: string }).kind),
      ['service.started', 'service.changed', 'service.stopped', 'service.resumed'],
    );
  });

  test('that fails is tried again with growing pauses, shows why, and is forgiven after health', async () => {
    const database = await withServices(server);
    const { db } = database;
    const starts: number[] = [];
    const kind = doing(async (context) => {
      starts.push(performance.now());
      if (starts.length === 2) return;
      if (starts.length <= 5) throw new TidewaiterError('E_LIVE_NO_PICTURE', 'No picture', 'Look at it.');
      await asleep(context);
    });
    runner(database, kind);
    const id = await begin(db, kind, {});
    await until('it failed', async () => (await row(db, id)).state === 'failed');
    assert.match((await row(db, id)).last_error?.message ?? '', /No picture/);
    await until('it ended by itself', async () => (await row(db, id)).last_error?.code === 'E_SERVICE_ENDED');
    await until('it runs', () => starts.length === 6);
    const pauses = starts.slice(1).map((start, n) => start - (starts[n] ?? 0));
    for (const [n, least] of [200, 400, 800, 800, 800].entries())
      assert.ok((pauses[n] ?? 0) >= least, `pause ${n} of ${pauses.join()}`);
    assert.equal((await row(db, id)).restarts, 5);
    assert.equal((await row(db, id)).failures, 5);
    await until('it is forgiven', async () => (await row(db, id)).failures === 0);
    assert.equal((await row(db, id)).last_error, null);
  });

  test('whose settings no longer fit shows so, and starts when they are mended', async () => {
    const database = await withServices(server);
    const { db } = database;
    const kind = watching(db, () => undefined);
    const id = await begin(db, kind);
    await sql`update services set settings = '{"m": 1}'`.execute(db);
    runner(database, kind);
    await until('it failed', async () => (await row(db, id)).last_error?.code === 'E_SERVICE_SETTINGS');
    await db.transaction().execute((tx) => changeService(tx, { id, kind, settings: { n: 5 }, by, at }));
    await until('it runs', async () => (await kept(db, id)).length > 0);
  });

  test('that breaks inside says so without its inside, which goes to the log', async () => {
    const database = await withServices(server);
    const { db } = database;
    const said: string[] = [];
    // As the database would say it, with what somebody wrote; and as a worker would hand it on.
    const broken = doing(async ({ generation }) => {
      if (generation > 1) throw fromErrorReport(toErrorReport(new Error('rtsp://guard:tide@gate')));
      await sql`select ${'a name'}::uuid`.execute(db);
    });
    runner(database, broken, { onError: ({ message }) => said.push(message) });
    const id = await begin(db, broken, {});
    for (const failures of [1, 2]) {
      await until('it failed', async () => (await row(db, id)).failures >= failures);
      const { last_error: told } = await row(db, id);
      assert.equal(told?.code, 'E_INTERNAL');
      assert.doesNotMatch(JSON.stringify(told), /a name|tide/);
    }
    assert.match(said.join(), /a name.*rtsp:\/\/guard:tide@gate/);
  });

  test('that nobody runs stops at once', async () => {
    const { db } = await withServices(server);
    const id = await begin(
      db,
      watching(db, () => undefined),
    );
    await db.transaction().execute((tx) => stopService(tx, { id, by, at }));
    assert.equal((await row(db, id)).state, 'stopped');
  });
});

describe('runners', () => {
  test('share thirty services, and those of one that stops; kinds and processes have their limits', async () => {
    const database = await withServices(server);
    const { db } = database;
    const kind = doing(asleep);
    const wide = { ...kind, concurrency: 50 };
    const three = [1, 2, 3].map(() => runner(database, wide, { capacity: 14 }));
    const held = async (): Promise<number[]> => {
      const { rows } = await sql<{ owner: string; n: number }>`
        select owner, count(*) as n from services where state = 'running' group by owner`.execute(db);
      return three.map(({ id }) => rows.find(({ owner }) => owner === id)?.n ?? 0);
    };
    const alive = db.selectFrom('service_runners').select('id');
    await until('all are there', async () => (await alive.execute()).length === 3);
    await Promise.all(Array.from({ length: 30 }, () => begin(db, wide, {})));
    const total = async (): Promise<number> => (await held()).reduce((sum, n) => sum + n);
    await until('all run', async () => (await total()) === 30);
    // They begin while the three are reckoning: one may come out a little ahead, and what runs is not moved.
    const shares = await held();
    assert.ok(Math.max(...shares) - Math.min(...shares) <= 4, shares.join(', '));

    const stopped = Date.now();
    await three[0]?.stop(5);
    await until('two have as much as they may', async () => (await total()) === 28);
    assert.ok(Date.now() - stopped < times.leaseMs, 'without waiting for leases');
    assert.deepEqual(await held(), [0, 14, 14]);
    runner(database, kind);
    await until('a late one takes what is left', async () => {
      const { rows } = await sql`select 1 from services where state = 'running'`.execute(db);
      return rows.length === 30;
    });
    await Promise.all(Array.from({ length: 5 }, () => begin(db, wide, {})));
    await sleep(800);
    const waiting = (await listServices(db)).filter(({ state }) => state === 'waiting');
    assert.equal(waiting.length, 2, 'five of this kind there, and no more');
  });

  test('leave a service to its lease that does not end in time, and say so', async () => {
    const database = await withServices(server);
    const { db } = database;
    const kind = doing(() => sleep(3_000));
    const errors: string[] = [];
    const own = runner(database, kind, { onError: ({ message }) => errors.push(message) });
    const id = await begin(db, kind, {});
    await until('it runs', async () => (await row(db, id)).state === 'running');
    await own.stop(0.6);
    assert.equal((await row(db, id)).owner, own.id);
    assert.match(errors.join(), /has not ended/);
    await until('its lease is over', async () => (await listServices(db))[0]?.state === 'waiting');
  });
});

describe('results of a service', () => {
  test('are refused once a newer run has begun, which waits for those on their way', async () => {
    const database = await withServices(server);
    const { db } = database;
    const kind = doing(asleep);
    const id = await begin(db, kind, {});
    const first = runner(database, kind);
    await until('it runs', async () => (await row(db, id)).generation === 1);
    const write = db.transaction().execute(async (tx) => {
      await fenced(tx, { id, generation: 1 });
      const { rows } = await sql<{ t: string }>`
        select current_setting('idle_in_transaction_session_timeout') as t`.execute(tx);
      assert.deepEqual(rows, [{ t: '10s' }]);
      await first.stop(1);
      runner(database, kind);
      await sleep(700);
    });
    await sleep(600);
    assert.equal((await row(db, id)).generation, 1);
    await write;
    await until('it is taken over', async () => (await row(db, id)).generation === 2);
    await assert.rejects(
      db.transaction().execute((tx) => fenced(tx, { id, generation: 1 })),
      { code: 'E_SERVICE_FENCED' },
    );
    await db.transaction().execute((tx) => fenced(tx, { id, generation: 2 }));
  });
});
