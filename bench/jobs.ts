import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbedded } from '../src/platform/embedded/start.ts';
import { Jobs } from '../src/platform/jobs/jobs.ts';
import { platformSchema } from '../src/platform/migrations/index.ts';
import { openDatabase, type ConnectionSettings, type Database } from '../src/platform/store/database.ts';
import { migrate } from '../src/platform/store/migrate.ts';
import { newDataFolder, removeDataFolder } from '../test/platform/serving.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { benchJob } from './lib/job-kind.ts';
import { printTable, verdict } from './lib/table.ts';

/** Rates of worker processes, each doing one job at a time, and what the queue itself takes. */
export const bench: Bench = { title: 'Jobs: worker processes side by side', run: measure };

async function measure({ short, print }: BenchContext): Promise<void> {
  const data = newDataFolder();
  const server = await startEmbedded({
    folder: join(data, 'database'),
    log: () => undefined,
    onFailed: () => undefined,
  });
  const db = openDatabase(server.connection, () => undefined);
  try {
    await migrate(db, platformSchema);
    await db.insertInto('sites').values({ id: 'pier', name: 'Pier', time_zone: 'UTC' }).execute();
    const jobs = await Jobs.start({
      connection: server.connection,
      db,
      kinds: [benchJob],
      onError: () => undefined,
    });
    const rate = (workers: number, what: 'compute' | 'wait' | 'nothing', ms: number, count: number) =>
      rateOf({ db, jobs, connection: server.connection, workers, what, ms, count });
    const nothing = await rate(1, 'nothing', 0, short ? 10 : 1000);
    printTable(
      print,
      ['queue alone', 'ms per job', 'goal', 'kept'],
      [
        [
          'jobs that do nothing, one worker',
          (1000 / nothing).toFixed(1),
          '<= 5',
          verdict(1000 / nothing <= 5),
        ],
      ],
    );
    const [one, two] = [
      await rate(1, 'compute', 200, short ? 4 : 60),
      await rate(2, 'compute', 200, short ? 4 : 120),
    ];
    const [bareOne, bareTwo] = [await bareRate(1, short ? 2 : 60), await bareRate(2, short ? 2 : 60)];
    printTable(
      print,
      ['jobs that compute', 'jobs per second', 'against one', 'goal', 'kept'],
      [
        ['1 bare process', bareOne.toFixed(2), '1', '-', '-'],
        ['2 bare processes', bareTwo.toFixed(2), (bareTwo / bareOne).toFixed(2), '-', '-'],
        ['1 worker process', one.toFixed(2), '1', '-', '-'],
        ['2 worker processes', two.toFixed(2), (two / one).toFixed(2), '>= 1.85', verdict(two / one >= 1.85)],
      ],
    );
    const rows: string[][] = [];
    let single = 0;
    for (const workers of short ? [1, 2] : [1, 2, 4, 8, 16, 32]) {
      const found = await rate(workers, 'wait', 1000, (short ? 1 : 8) * workers);
      if (workers === 1) single = found;
      const share = found / (single * workers);
      rows.push([String(workers), found.toFixed(2), share.toFixed(2), '>= 0.9', verdict(share >= 0.9)]);
    }
    printTable(
      print,
      ['workers, jobs that wait a second', 'jobs per second', 'share of linear', 'goal', 'kept'],
      rows,
    );
    await jobs.stop(1);
  } finally {
    await db.destroy();
    await server.stop();
    removeDataFolder(data);
  }
}

/** The same work in processes that know no queue: what the machine can do. */
async function bareRate(processes: number, count: number): Promise<number> {
  const entry = new URL('lib/bare-compute.ts', import.meta.url);
  const from = performance.now();
  await Promise.all(
    Array.from({ length: processes }, () => once(fork(entry, [String(count), '200']), 'exit')),
  );
  return (processes * count * 1000) / (performance.now() - from);
}

interface Run {
  readonly db: Database;
  readonly jobs: Jobs;
  readonly connection: ConnectionSettings;
  readonly workers: number;
  readonly what: 'compute' | 'wait' | 'nothing';
  readonly ms: number;
  readonly count: number;
}

/** Jobs per second from the first one taken up to the last one done. */
async function rateOf({ db, jobs, connection, workers, what, ms, count }: Run): Promise<number> {
  const children: ChildProcess[] = [];
  const entry = new URL('lib/job-worker.ts', import.meta.url);
  for (let worker = 0; worker < workers; worker++) {
    const child = fork(entry, [JSON.stringify(connection)]);
    await once(child, 'message');
    children.push(child);
  }
  const by = randomUUID();
  await db.deleteFrom('jobs').execute();
  await db.transaction().execute(async (tx) => {
    for (let job = 0; job < count; job++)
      await jobs.enqueue(tx, { kind: benchJob, siteId: 'pier', input: { what, ms }, by });
  });
  for (const child of children) child.send('work');
  const left = async (): Promise<number> => {
    const { open } = await db
      .selectFrom('jobs')
      .select((eb) => eb.fn.countAll<number>().as('open'))
      .where('finished_at', 'is', null)
      .executeTakeFirstOrThrow();
    return Number(open);
  };
  while ((await left()) > 0) await sleep(100);
  const { first, last } = await db
    .selectFrom('jobs')
    .select((eb) => [eb.fn.min('started_at').as('first'), eb.fn.max('finished_at').as('last')])
    .executeTakeFirstOrThrow();
  for (const child of children) child.kill('SIGKILL');
  return (count * 1000) / (Number(last) - Number(first));
}
