import { describe, test } from 'node:test';
import { agencyPostgres, needs } from '../needs.ts';
import { passThere } from './run-tests.ts';

/**
 * What has to do with the database, by rooms. Durability and recovery of the embedded one are its own affair, and so are
 * tests that kill its processes or look into its folder: `lost-database`, `frozen-database`, `full-disk`, `upgrade`.
 */
const rooms: readonly (readonly [what: string, files: readonly string[]])[] = [
  ['schema and observations', ['src/platform/store/*.test.ts']],
  ['jobs, services, ledger', ['src/platform/{jobs,services,ledger}/*.test.ts']],
  ['people and secrets', ['src/platform/{people,secrets}/*.test.ts']],
  ['vault and uploads', ['src/platform/{vault,uploads}/*.test.ts', 'test/platform/uploads/uploads.test.ts']],
  ['every route as every role', ['test/platform/attack/access.test.ts']],
  ['from the first sign-in to a redacted file', ['test/platform/{serve,client}.test.ts']],
  ['housekeeping', ['src/platform/housekeeping/*.test.ts', 'test/platform/housekeeping.test.ts']],
  ['metrics', ['test/platform/metrics.test.ts']],
  ['the log of governance', ['src/governance/log/{log,export}.test.ts']],
  ['a server that is killed', ['test/platform/attack/lost-{server,rendering}.test.ts']],
];

describe('on the oldest PostgreSQL that an agency may have', () => {
  for (const [what, patterns] of rooms)
    test(what, async (t) => {
      if (!needs(t, 'postgresql-15')) return;
      await passThere(patterns, { TIDEWAITER_TEST_POSTGRES: agencyPostgres }, 240);
    });
});
