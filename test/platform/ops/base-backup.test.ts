import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { joinEmbedded } from '../../../src/platform/embedded/join.ts';
import { openDatabase, type Database } from '../../../src/platform/store/database.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';
import { tidewaiter } from './cli.ts';

describe('a base backup', () => {
  const data = newDataFolder();
  const elsewhere = newDataFolder();
  const servers: Serving[] = [];
  let [folder, before_, acknowledged] = ['', '', 0];

  const open = async (at: string): Promise<Database> => {
    const connection = (await joinEmbedded(join(at, 'database'))) ?? assert.fail('no database runs');
    return openDatabase(connection, () => undefined);
  };

  /** A hash over the rows of every table that nothing changes by itself, as PostgreSQL computes it. */
  const hashOf = async (db: Database): Promise<string> => {
    const { rows } = await sql<{ name: string }>`
      select c.oid::regclass::text as name from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname !~ '^(chores|written|first_run|service_runners|observations_\\d.*)$'
      order by 1`.execute(db);
    const hashes: string[] = [];
    for (const { name } of rows) {
      const found = await sql<{ hash: string }>`
        select md5(coalesce(string_agg(md5(t::text), '' order by md5(t::text)), '')) as hash
        from ${sql.table(name)} t`.execute(db);
      hashes.push(`${name} ${found.rows[0]?.hash ?? ''}`);
    }
    return hashes.join('\n');
  };

  const restore = (from: string, to: string): ReturnType<typeof tidewaiter> =>
    tidewaiter(to, ['restore', '--base', from]);

  before(async () => {
    servers.push(await startServing(data));
    const db = await open(data);
    await sql`create table kept as select n, md5(n::text) as text, decode(md5(n::text), 'hex') as bytes,
      jsonb_build_object('n', n) as json from generate_series(1, 20000) n`.execute(db);
    await sql`create table written (number integer primary key)`.execute(db);
    before_ = await hashOf(db);
    let stopped = false;
    let last = 0;
    const writing = (async () => {
      for (let number = 1; !stopped; number++) {
        await sql`insert into written values (${number})`.execute(db);
        last = number;
      }
    })();
    while (last < 20) await sleep(5);
    const answer = tidewaiter(data, ['backup', '--base', '--json']);
    // All that was acknowledged before it began must be in it.
    acknowledged = last;
    const { code, stdout, stderr } = await answer;
    stopped = true;
    await writing;
    await db.destroy();
    assert.equal(code, 0, stderr);
    assert.ok(last > 0);
    folder = (JSON.parse(stdout) as { folder: string }).folder;
  });
  after(async () => {
    for (const server of servers) await server.stop();
    [data, elsewhere].forEach(removeDataFolder);
  });

  test('is made while rows come in, is closed to others, and has what PostgreSQL’s list says by the tools of others', () => {
    assert.match(folder, /\/backups\/base-\d{8}-\d{4}$/);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(join(data, 'backups')).length, 1);
    const { Files } = JSON.parse(readFileSync(join(folder, 'backup_manifest'), 'utf8')) as {
      Files: { Path: string; Checksum: string }[];
    };
    const archive = join(folder, 'base.tar.gz');
    const names = execFileSync('tar', ['tzf', archive], { encoding: 'utf8' }).split('\n');
    assert.ok(Files.every(({ Path }) => names.includes(Path)));
    const secrets = Files.find(({ Path }) => Path === 'tidewaiter-secrets.json') ?? assert.fail();
    const content = execFileSync('tar', ['xzOf', archive, secrets.Path]);
    assert.equal(createHash('sha256').update(content).digest('hex'), secrets.Checksum);
  });

  test('brings every row back elsewhere, and the server starts on it', async () => {
    cpSync(join(data, 'master-keys.json'), join(elsewhere, 'master-keys.json'));
    const { code, stderr } = await restore(folder, elsewhere);
    assert.equal(code, 0, stderr);
    assert.deepEqual(readdirSync(elsewhere).sort(), ['database', 'master-keys.json']);
    servers.push(await startServing(elsewhere));
    const db = await open(elsewhere);
    assert.equal(await hashOf(db), before_);
    const { rows } = await sql<{ count: number; last: number }>`
      select count(*)::int as count, coalesce(max(number), 0) as last from written`.execute(db);
    assert.equal(rows[0]?.count, rows[0]?.last);
    assert.ok((rows[0]?.last ?? 0) >= acknowledged);
    await db.destroy();
    const again = await restore(folder, elsewhere);
    assert.match(again.stderr, /E_RESTORE: There is a database/);
  });
});
