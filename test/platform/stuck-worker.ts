import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Jobs } from '../../src/platform/jobs/jobs.ts';
import { jobKind } from '../../src/platform/jobs/kind.ts';
import { openDatabase, type ConnectionSettings } from '../../src/platform/store/database.ts';

/** A process that takes up a job and never ends it. */
const connection = JSON.parse(process.argv[2] ?? '') as ConnectionSettings;
const kind = jobKind({
  queue: 'test.count',
  use: 'platform',
  input: z.strictObject({ n: z.number() }),
  concurrency: 1,
  retries: 1,
  run: async () => {
    await sleep(120_000);
    return {};
  },
});
const db = openDatabase(connection, () => undefined);
const jobs = await Jobs.start({ db, connection, kinds: [kind], onError: () => undefined });
await jobs.work();
