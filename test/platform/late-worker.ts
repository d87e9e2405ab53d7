import { z } from 'zod';
import { Jobs } from '../../src/platform/jobs/jobs.ts';
import { jobKind } from '../../src/platform/jobs/kind.ts';
import { openDatabase, type ConnectionSettings } from '../../src/platform/store/database.ts';

/** A process that takes up a job and ends it when it is told to, however late; then it stops. */
const connection = JSON.parse(process.argv[2] ?? '') as ConnectionSettings;
const told = Promise.withResolvers<undefined>();
process.once('message', () => told.resolve(undefined));
const kind = jobKind({
  queue: 'test.order',
  use: 'platform',
  input: z.strictObject({ n: z.number() }),
  concurrency: 1,
  retries: 1,
  run: async () => {
    await told.promise;
    return { by: 'late' };
  },
});
const db = openDatabase(connection, () => undefined);
const jobs = await Jobs.start({ db, connection, kinds: [kind], onError: () => undefined });
await jobs.work();
await told.promise;
// It waits for what it does, so that whoever waits for its end knows that it tried to keep its result.
await jobs.stop(10);
await db.destroy();
process.disconnect();
