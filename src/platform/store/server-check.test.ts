import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { openDatabase, type Connection } from './database.ts';
import { checkDatabaseServer } from './server-check.ts';

const server = await startTestServer();

async function ask(connection: Connection): Promise<void> {
  const db = openDatabase(connection, () => undefined);
  try {
    await checkDatabaseServer(db);
  } finally {
    await db.destroy();
  }
}

describe('a database that is asked for the first time', () => {
  test('is told from one that is not there, does not know us or keeps no Unicode', async () => {
    const { connection, db } = await server.database([]);
    await ask(connection);
    await sql`create database old_letters encoding 'SQL_ASCII' template template0 locale 'C'`.execute(db);
    const cases: readonly (readonly [connection: Connection, message: RegExp])[] = [
      [{ ...connection, database: 'none' }, /it has no database of that name/],
      [{ ...connection, database: 'old_letters' }, /keeps texts as SQL_ASCII/],
      [{ connectionString: 'postgres://us:secret@127.0.0.1:1/x' }, /nothing listens there/],
      [
        { connectionString: 'postgres://us:secret@127.0.0.1:1/x?sslrootcert=/no/such/file' },
        /\/no\/such\/file/,
      ],
    ];
    for (const [wrong, message] of cases)
      await assert.rejects(ask(wrong), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'E_DATABASE_CONNECT');
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
  });
});
