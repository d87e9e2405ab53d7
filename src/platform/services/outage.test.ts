import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { z } from 'zod';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { begin, row, times, until, withServices } from '../../../test/platform/service-parts.ts';
import type { ConnectionSettings, Database } from '../store/database.ts';
import { serviceKind, type ServiceKind } from './kind.ts';
import { ServiceRunner } from './runner.ts';

const server = await startTestServer();
const open: ServiceRunner[] = [];
after(() => Promise.all(open.map((runner) => runner.stop(1))));

function runner(connection: ConnectionSettings, kind: ServiceKind): void {
  open.push(
    ServiceRunner.start({ connection, kinds: [kind], capacity: 20, onError: () => undefined, times }),
  );
}

interface Moment {
  readonly what: 'begun' | 'ended';
  readonly id: string;
  readonly generation: number;
  readonly at: number;
}

function recording(moments: Moment[]): ServiceKind {
  return serviceKind({
    name: 'test.record',
    use: 'platform',
    settings: z.strictObject({}),
    concurrency: 20,
    run: async ({ id }, { signal, generation }) => {
      moments.push({ what: 'begun', id, generation, at: performance.now() });
      await sleep(600_000, undefined, { signal }).catch(() => undefined);
      moments.push({ what: 'ended', id, generation, at: performance.now() });
    },
  });
}

const runs = (db: Database, id: string, generation: number): Promise<void> =>
  until(`run ${generation} has begun`, async () => {
    const service = await row(db, id);
    return service.state === 'running' && service.generation >= generation;
  });

/** A way to the database that can be made to swallow everything without closing. */
async function way(target: ConnectionSettings) {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-way-'));
  const sockets = new Set<Socket>();
  let silent = false;
  const proxy = createServer((near) => {
    const far = connect(join(target.host, `.s.PGSQL.${target.port}`));
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => silent || to.write(chunk));
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  proxy.listen(join(folder, `.s.PGSQL.${target.port}`));
  await once(proxy, 'listening');
  after(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const silence = (on: boolean): void => {
    silent = on;
  };
  return { connection: { ...target, host: folder }, silence };
}

describe('when the database', () => {
  test('falls silent for one process, it ends its services before others begin them', async () => {
    const { db, connection } = await withServices(server);
    const [near, far]: [Moment[], Moment[]] = [[], []];
    const cut = await way(connection);
    runner(cut.connection, recording(near));
    const id = await begin(db, recording(near), {});
    await runs(db, id, 1);
    await sleep(times.beatMs * 2);
    cut.silence(true);
    runner(connection, recording(far));
    await runs(db, id, 2);
    const [, ended] = near;
    assert.equal(ended?.what, 'ended');
    const margin = (far[0]?.at ?? 0) - ended.at;
    assert.ok(margin > 100, `${margin} ms between the end and the new beginning`);
    // It comes back, and takes its share of what is new.
    cut.silence(false);
    const runners = db.selectFrom('service_runners').select('id');
    await until('it is there again', async () => (await runners.execute()).length === 2);
    const more = await Promise.all([1, 2, 3, 4].map(() => begin(db, recording(near), {})));
    for (const one of more) await runs(db, one, 1);
    await until('both have some', () => near.filter(({ what }) => what === 'begun').length > 1);
    assert.equal((await row(db, id)).generation, 2);
  });

  test('is gone for longer than the lease, all end in time and begin again when it is back', async () => {
    const { db, connection } = await withServices(server);
    const moments: Moment[] = [];
    const kind = recording(moments);
    runner(connection, kind);
    runner(connection, kind);
    const ids = await Promise.all([1, 2, 3, 4].map(() => begin(db, kind, {})));
    for (const id of ids) await runs(db, id, 1);
    const admin = new pg.Client({ ...connection, database: 'postgres' });
    await admin.connect();
    const gone = performance.now();
    await admin.query(`alter database ${connection.database} with allow_connections false`);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
      connection.database,
    ]);
    await sleep(times.leaseMs + 500);
    const ends = moments.filter(({ what }) => what === 'ended');
    assert.equal(ends.length, 4);
    for (const { at } of ends) assert.ok(at - gone < times.leaseMs, `ended after ${at - gone} ms`);
    await admin.query(`alter database ${connection.database} with allow_connections true`);
    await admin.end();
    for (const id of ids) await runs(db, id, 2);
  });

  test('is away for a moment, nothing ends', async () => {
    const { db, connection } = await withServices(server);
    const moments: Moment[] = [];
    runner(connection, recording(moments));
    const id = await begin(db, recording(moments), {});
    await runs(db, id, 1);
    for (let n = 0; n < 3; n++) {
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'tidewaiter services'`.execute(db);
      await sleep(600);
    }
    assert.deepEqual(
      moments.map(({ what }) => what),
      ['begun'],
    );
  });

  test('has one row locked for longer than the lease, only that service ends', async () => {
    const { db, connection } = await withServices(server);
    const moments: Moment[] = [];
    const kind = recording(moments);
    runner(connection, kind);
    const [locked = '', free = ''] = await Promise.all([begin(db, kind, {}), begin(db, kind, {})]);
    for (const id of [locked, free]) await runs(db, id, 1);
    await db.transaction().execute(async (tx) => {
      await tx.selectFrom('services').select('id').where('id', '=', locked).forUpdate().execute();
      await sleep(times.leaseMs + 300);
      assert.deepEqual(
        moments.filter(({ what }) => what === 'ended').map(({ id }) => id),
        [locked],
      );
    });
    await runs(db, locked, 2);
    assert.equal((await row(db, free)).generation, 1);
  });
});
