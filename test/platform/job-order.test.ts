import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { z } from 'zod';
import { Jobs } from '../../src/platform/jobs/jobs.ts';
import { jobKind, type JobKind, type RunningJob } from '../../src/platform/jobs/kind.ts';
import { store } from '../../src/platform/migrations/2026-11-22-1700-store.ts';
import { startTestServer, type TestDatabase } from './postgres.ts';

const server = await startTestServer();
const by = randomUUID();

async function begin(
  run: (job: RunningJob<{ n: number }>) => Promise<object>,
  { concurrency = 1, retries = 1 } = {},
): Promise<TestDatabase & { readonly jobs: Jobs; readonly kind: JobKind }> {
  const database = await server.database([store]);
  await database.db.insertInto('sites').values({ id: 'pier', name: 'Pier', time_zone: 'UTC' }).execute();
  const input = z.strictObject({ n: z.number() });
  const kind = jobKind({ queue: 'test.order', use: 'platform', input, concurrency, retries, run });
  return {
    ...database,
    kind,
    jobs: await Jobs.start({ ...database, kinds: [kind], onError: () => undefined }),
  };
}

type Begun = Awaited<ReturnType<typeof begin>>;

const enqueue = ({ jobs, db, kind }: Begun, n: number, priority = 0): Promise<string> =>
  db.transaction().execute((tx) => jobs.enqueue(tx, { kind, siteId: 'pier', input: { n }, by, priority }));

const states = async ({ db }: Begun): Promise<string[]> =>
  (await db.selectFrom('jobs').select('state').execute()).map(({ state }) => state);

async function until(is: () => Promise<boolean>): Promise<void> {
  while (!(await is())) await sleep(50);
}

const allEnded = (begun: Begun) => async (): Promise<boolean> =>
  (await states(begun)).every((state) => state === 'done' || state === 'failed');

describe('jobs that wait', () => {
  test('are taken by priority, and among equals as they came', async () => {
    const taken: number[] = [];
    const begun = await begin(async ({ input }) => {
      taken.push(input.n);
      return Promise.resolve({});
    });
    const priorities = [0, 5, -3, 9, 5, 0];
    for (const [n, priority] of priorities.entries()) await enqueue(begun, n, priority);
    await begun.jobs.work();
    await until(allEnded(begun));
    assert.deepEqual(taken, [3, 1, 4, 0, 5, 2]);
    await begun.jobs.stop(1);
  });

  test('are done no more at a time than their kind allows, and no fewer', async () => {
    let [running, most] = [0, 0];
    const begun = await begin(
      async () => {
        most = Math.max(most, ++running);
        await sleep(100);
        running -= 1;
        return {};
      },
      { concurrency: 3 },
    );
    for (let n = 0; n < 12; n++) await enqueue(begun, n);
    await begun.jobs.work();
    await until(allEnded(begun));
    assert.equal(most, 3);
    await begun.jobs.stop(1);
  });

  test('wait longer after each try that broke', async () => {
    const begun = await begin(() => Promise.reject(new Error('the disk hummed')), { retries: 2 });
    const id = await enqueue(begun, 1);
    await begun.jobs.work();
    const pauses = new Map<number, number>();
    await until(async () => {
      // As the queue has it: a busy machine can only make it longer.
      const { rows } = await sql<{ tries: number; pause: number }>`
        select retry_count as tries, extract(epoch from start_after - started_on)::float8 as pause
        from queue.job where id = ${id}::uuid and state = 'retry'`.execute(begun.db);
      for (const { tries, pause } of rows) pauses.set(tries, pause);
      return allEnded(begun)();
    });
    assert.deepEqual(await states(begun), ['failed']);
    const [first = 0, second = 0, ...more] = [...pauses.values()];
    assert.ok(first >= 1 && second >= 2 && more.length === 0, JSON.stringify([...pauses]));
    await begun.jobs.stop(1);
  });

  test('have the result of who took them over, even if the one before was only frozen and ends after all', async () => {
    const begun = await begin(({ attempt }) => Promise.resolve({ by: 'heir', attempt }));
    const id = await enqueue(begun, 1);
    const late = fork(new URL('./late-worker.ts', import.meta.url), [JSON.stringify(begun.connection)]);
    const row = () =>
      begun.db
        .selectFrom('jobs')
        .select(['state', 'attempt', 'result', 'error', 'finished_at'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
    try {
      await until(async () => (await row()).state === 'running');
      late.kill('SIGSTOP');
      await begun.jobs.work();
      await until(allEnded(begun));
      const kept = await row();
      assert.deepEqual([kept.state, kept.attempt, kept.result], ['done', 2, { by: 'heir', attempt: 2 }]);
      late.kill('SIGCONT');
      const gone = once(late, 'exit');
      late.send('end it');
      assert.deepEqual((await gone)[0], 0);
      assert.deepEqual(await row(), kept);
    } finally {
      late.kill('SIGKILL');
      await begun.jobs.stop(1);
    }
  });
});
