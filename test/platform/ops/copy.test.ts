import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { copyIn, copyOut } from '../../../src/server/backup/copy.ts';
import { startTestServer } from '../postgres.ts';

const server = await startTestServer();

describe('copying rows', () => {
  test('brings every row over, though the reader is slow', async () => {
    const client = await connected();
    await client.query(`
      create table a as select i, repeat(chr(33 + i % 90), i % 300) as filler from generate_series(1, 200000) i;
      create table b (like a)`);
    const out = copyOut(client, 'copy a to stdout');
    const chunks: Buffer[] = [];
    for await (const chunk of out as AsyncIterable<Buffer>) {
      if (chunks.push(chunk) % 4 === 0) await sleep(1);
    }
    assert.equal(out.rows, 200_000);
    async function* source(): AsyncGenerator<Buffer> {
      for (const chunk of chunks) yield await Promise.resolve(chunk);
    }
    assert.equal(await copyIn(client, 'copy b from stdin', source()), 200_000);
    const { rowCount } = await client.query(
      '(table a except all table b) union all (table b except all table a)',
    );
    assert.equal(rowCount, 0);
    await client.end();
  });

  test('says what the server or the source says, and leaves the connection usable', async () => {
    const client = await connected();
    await client.query('create table c (i int)');
    async function* rows(text: string, fault?: Error): AsyncGenerator<Buffer> {
      for (let index = 0; index < 1000; index++) yield await Promise.resolve(Buffer.from(text));
      if (fault !== undefined) throw fault;
    }
    await assert.rejects(
      copyIn(client, 'copy c from stdin', rows('x\n')),
      /invalid input syntax for type integer/,
    );
    const fault = new Error('the file broke off');
    await assert.rejects(copyIn(client, 'copy c from stdin', rows('1\n', fault)), fault);
    await assert.rejects(copyIn(client, 'copy nowhere from stdin', rows('1\n')), /"nowhere" does not exist/);
    await assert.rejects(async () => {
      for await (const _ of copyOut(
        client,
        'copy (select 1 / (3 - i) from generate_series(1, 9) i) to stdout',
      ));
    }, /division by zero/);
    assert.deepEqual((await client.query('select count(*)::int from c')).rows, [{ count: 0 }]);
    await client.end();
  });
});

async function connected(): Promise<pg.Client> {
  const { connection } = await server.database([]);
  const client = new pg.Client(connection);
  await client.connect();
  return client;
}
