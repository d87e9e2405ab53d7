import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import { startTestServer, type TestDatabase } from '../../../test/platform/postgres.ts';
import { fromErrorReport, TidewaiterError, toErrorReport } from '../../core/errors.ts';
import { store } from '../migrations/2026-11-22-1700-store.ts';
import type { Database } from '../store/database.ts';
import { Jobs, type JobsOptions } from './jobs.ts';
import { jobKind, type JobKind, type RunningJob } from './kind.ts';

const server = await startTestServer();
const by = randomUUID();

function counting(run: (job: RunningJob<{ n: number }>) => Promise<object>, retries = 1): JobKind {
  const input = z.strictObject({ n: z.number() });
  return jobKind({ queue: 'test.count', use: 'platform', input, concurrency: 2, retries, run });
}

async function withSite(): Promise<TestDatabase> {
  const database = await server.database([store]);
  await database.db.insertInto('sites').values({ id: 'pier', name: 'Pier', time_zone: 'UTC' }).execute();
  return database;
}

async function started(
  { db, connection }: TestDatabase,
  kind: JobKind,
  more: Partial<JobsOptions> = {},
): Promise<Jobs> {
  return Jobs.start({ db, connection, kinds: [kind], onError: () => undefined, ...more });
}

const enqueue = (jobs: Jobs, db: Database, kind: JobKind, n = 1): Promise<string> =>
  db.transaction().execute((tx) => jobs.enqueue(tx, { kind, siteId: 'pier', input: { n }, by }));

async function ended(db: Database, id: string, seconds = 20): Promise<Awaited<ReturnType<typeof find>>> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(50)) {
    const job = await find(db, id);
    if (job.finished_at !== null) return job;
  }
  return find(db, id);
}

const find = (db: Database, id: string) =>
  db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

describe('a job', () => {
  test('is done, tells how far it is, and keeps its result', async () => {
    const database = await withSite();
    const kind = counting(async ({ input, progress }) => {
      progress({ stage: 'count', done: 3, unit: 'frames' });
      await sleep(100);
      return { twice: input.n * 2 };
    });
    const jobs = await started(database, kind);
    const id = await enqueue(jobs, database.db, kind, 21);
    await jobs.work();
    const job = await ended(database.db, id);
    assert.deepEqual([job.state, job.result, job.attempt], ['done', { twice: 42 }, 1]);
    assert.deepEqual(job.progress, { stage: 'count', done: 3, unit: 'frames' });
    await jobs.stop(1);
  });

  test('of a transaction that is rolled back never was', async () => {
    const { db, connection } = await withSite();
    let runs = 0;
    const kind = counting(async () => ({ runs: ++runs }));
    const jobs = await started({ db, connection }, kind);
    await jobs.work();
    await assert.rejects(
      db.transaction().execute(async (tx) => {
        await jobs.enqueue(tx, { kind, siteId: 'pier', input: { n: 1 }, by });
        throw new Error('no');
      }),
    );
    await sleep(300);
    assert.equal(runs, 0);
    assert.deepEqual(await db.selectFrom('jobs').selectAll().execute(), []);
    await jobs.stop(1);
  });

  test('that got an answer is not tried again; what broke is, and then listed with the reason', async () => {
    const { db, connection } = await withSite();
    const kind = counting(async ({ input }) => {
      await Promise.resolve();
      if (input.n === 1) throw new TidewaiterError('E_UNREADABLE', 'The file is empty', 'Give another one.');
      if (input.n === 2) throw new Error('the disk hummed');
      // As a worker would hand it on.
      if (input.n === 3) throw fromErrorReport(toErrorReport(new Error('the worker hummed')));
      // As the database would say it, with what somebody wrote.
      await sql`select ${'a name'}::uuid`.execute(db);
      return {};
    }, 0);
    const faults: string[] = [];
    const jobs = await started({ db, connection }, kind, { onError: ({ message }) => faults.push(message) });
    await jobs.work();
    const answered = await ended(db, await enqueue(jobs, db, kind, 1));
    assert.deepEqual([answered.state, answered.error?.code, answered.attempt], ['failed', 'E_UNREADABLE', 1]);
    const broken = await ended(db, await enqueue(jobs, db, kind, 2));
    assert.deepEqual([broken.state, broken.error?.code], ['failed', 'E_INTERNAL']);
    const worker = await ended(db, await enqueue(jobs, db, kind, 3));
    assert.deepEqual([worker.state, worker.error?.code], ['failed', 'E_INTERNAL']);
    const named = await ended(db, await enqueue(jobs, db, kind, 4));
    assert.deepEqual([named.state, named.error?.code], ['failed', 'E_INTERNAL']);
    assert.doesNotMatch(JSON.stringify([broken.error, worker.error, named.error]), /hummed|a name/);
    assert.match(faults.join(), /^the disk hummed,the worker hummed,.*a name/);
    await jobs.stop(1);
  });

  test('is refused before it starts by whoever enforces rules', async () => {
    const { db, connection } = await withSite();
    let runs = 0;
    const kind = counting(async () => ({ runs: ++runs }));
    const jobs = await started({ db, connection }, kind, {
      beforeStart: ({ use }) =>
        Promise.reject(new TidewaiterError('E_PERMIT', `No permit for ${use}`, 'Ask for one.')),
    });
    await jobs.work();
    const job = await ended(db, await enqueue(jobs, db, kind));
    assert.deepEqual([job.state, job.error?.code, runs], ['failed', 'E_PERMIT', 0]);
    await jobs.stop(1);
  });

  test('stops when it is cancelled, waiting or running', async () => {
    const { db, connection } = await withSite();
    let stopped = 0;
    const kind = counting(async ({ signal }) => {
      await sleep(30_000, undefined, { signal }).catch(() => stopped++);
      throw new TidewaiterError('E_CANCELLED', 'stopped', 'Start it again.');
    });
    const jobs = await started({ db, connection }, kind);
    const waiting = await enqueue(jobs, db, kind);
    const cancel = (id: string): Promise<boolean> => db.transaction().execute((tx) => jobs.cancel(tx, id));
    assert.equal(await cancel(waiting), true);
    await jobs.work();
    const running = await enqueue(jobs, db, kind);
    while ((await find(db, running)).state !== 'running') await sleep(20);
    assert.equal(await cancel(running), true);
    while (stopped === 0) await sleep(20);
    assert.equal(await cancel(running), false, 'once');
    await jobs.stop(1);
    const states = await db.selectFrom('jobs').select(['state', 'error']).execute();
    assert.deepEqual(states, [
      { state: 'cancelled', error: null },
      { state: 'cancelled', error: null },
    ]);
  });

  test('goes back into the queue when its process stops', async () => {
    const { db, connection } = await withSite();
    const kind = counting(async ({ signal }) => {
      await sleep(30_000, undefined, { signal });
      return {};
    });
    const jobs = await started({ db, connection }, kind);
    await jobs.work();
    const id = await enqueue(jobs, db, kind);
    while ((await find(db, id)).state !== 'running') await sleep(20);
    await jobs.stop(0);
    const job = await find(db, id);
    assert.deepEqual([job.state, job.attempt, job.error?.code], ['queued', 0, 'E_STOPPING']);
  });

  test('of a process that was killed is done by another within half a minute, with one result', async () => {
    const { db, connection } = await withSite();
    const kind = counting(async ({ attempt }) => ({ attempt }));
    const jobs = await started({ db, connection }, kind);
    const id = await enqueue(jobs, db, kind);
    const child = fork(new URL('../../../test/platform/stuck-worker.ts', import.meta.url), [
      JSON.stringify(connection),
    ]);
    while ((await find(db, id)).state !== 'running') await sleep(20);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const killed = Date.now();
    await jobs.work();
    const job = await ended(db, id, 40);
    assert.deepEqual([job.state, job.attempt, job.result], ['done', 2, { attempt: 2 }]);
    assert.ok(Date.now() - killed < 30_000);
    await jobs.stop(1);
  });
});
