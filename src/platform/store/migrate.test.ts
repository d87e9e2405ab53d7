import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { store } from '../migrations/2026-11-22-1700-store.ts';
import { migrate, type SchemaStep } from './migrate.ts';

const server = await startTestServer();

const made: SchemaStep = {
  name: '2020-01-01-made',
  up: async (db) => void (await sql`create table made (id int)`.execute(db)),
};
const broken: SchemaStep = {
  name: '2020-01-02-broken',
  up: async (db) => {
    await sql`create table half (id int)`.execute(db);
    await sql`create nonsense`.execute(db);
  },
};

describe('the schema', () => {
  test('is brought up to date once, by whoever comes first', async () => {
    const { db } = await server.database([]);
    const taken = await Promise.all([migrate(db, [store]), migrate(db, [store]), migrate(db, [store])]);
    assert.deepEqual(taken.flat(), [store.name]);
    assert.deepEqual(await migrate(db, [store]), []);
    assert.deepEqual(await migrate(db, [made, store]), [made.name], 'a step that is older than the newest');
  });

  test('keeps nothing of a step that failed', async () => {
    const { db } = await server.database([made]);
    await assert.rejects(migrate(db, [made, broken]), {
      code: 'E_SCHEMA',
      message: /2020-01-02-broken.*nonsense/s,
    });
    const { rows } = await sql<{ name: string | null }>`select to_regclass('half') as name`.execute(db);
    assert.deepEqual(rows, [{ name: null }]);
  });

  test('of a newer version is refused', async () => {
    const { db } = await server.database([made, store]);
    await assert.rejects(migrate(db, [store]), {
      code: 'E_SCHEMA',
      message: /a newer version of Tidewaiter has written it \(step 2020-01-01-made\)/,
    });
  });
});
