import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Kysely, sql } from 'kysely';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { openDatabase } from './database.ts';

interface Cargo {
  readonly id: number;
  readonly goods: string;
}

const server = await startTestServer();

describe('statements that the server prepares', () => {
  let db: Kysely<{ cargo: Cargo }>;
  before(async () => {
    const { connection } = await server.database([]);
    db = openDatabase({ ...connection, connections: 1 }, () => undefined) as unknown as typeof db;
    await sql`create table cargo (id int primary key, goods text not null)`.execute(db);
    await db.insertInto('cargo').values({ id: 1, goods: 'tea' }).execute();
  });
  after(() => db.destroy());

  const one = (): Promise<object> =>
    db.selectFrom('cargo').selectAll().where('id', '=', 1).executeTakeFirstOrThrow();

  test('are prepared once for each text', async () => {
    await one();
    await one();
    const { rows } = await sql<{ count: number }>`select count(*) from pg_prepared_statements
      where statement like '%"cargo"%'`.execute(db);
    assert.deepEqual(rows, [{ count: 1 }]);
  });

  test('go on when a newer version adds a column beside them', async () => {
    await one();
    await sql`alter table cargo add origin text`.execute(db);
    assert.deepEqual(await one(), { id: 1, goods: 'tea', origin: null });
    assert.deepEqual(await one(), { id: 1, goods: 'tea', origin: null });
  });

  test('lose only their transaction inside one', async () => {
    await one();
    await sql`alter table cargo add weight int`.execute(db);
    const read = (): Promise<object> =>
      db
        .transaction()
        .execute((tx) => tx.selectFrom('cargo').selectAll().where('id', '=', 1).executeTakeFirstOrThrow());
    await assert.rejects(read(), /cached plan/);
    assert.deepEqual(await read(), { id: 1, goods: 'tea', origin: null, weight: null });
  });
});
