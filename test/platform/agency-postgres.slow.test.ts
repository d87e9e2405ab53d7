import { describe, test } from 'node:test';
import { agencyPostgres, needs } from '../needs.ts';
import { databaseTests } from './database-tests.ts';
import { passThere } from './run-tests.ts';

/** All that stands beside the code; what goes through a whole server is in `agency-postgres-served`. */
describe('on the oldest PostgreSQL that an agency may have', () => {
  const rooms = Map.groupBy(
    databaseTests().filter((file) => file.startsWith('src/')),
    (file) => file.split('/').slice(0, 3).join('/'),
  );
  for (const [room, files] of rooms)
    test(room, async (t) => {
      if (!needs(t, 'postgresql-15')) return;
      await passThere(files, { TIDEWAITER_TEST_POSTGRES: agencyPostgres }, 240);
    });
});
