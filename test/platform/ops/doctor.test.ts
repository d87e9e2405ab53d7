import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { sql } from 'kysely';
import { wholeSchema } from '../../../src/uses/platform.ts';
import { startTestServer } from '../postgres.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';
import { tidewaiter } from './cli.ts';

const agency = await startTestServer();

interface Check {
  readonly what: string;
  readonly state: string;
  readonly found: string;
  readonly remedy?: string;
}

describe('the doctor', () => {
  const data = newDataFolder();
  const servers: Serving[] = [];
  after(async () => {
    for (const server of servers) await server.stop();
    removeDataFolder(data);
  });

  async function examined(env: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; checks: Check[] }> {
    const { code, stdout, stderr } = await tidewaiter(data, ['doctor', '--json'], { env });
    assert.equal(stderr, '');
    const lines = stdout.trim().split('\n');
    return { code, checks: lines.map((line) => JSON.parse(line) as Check) };
  }
  const of = (checks: readonly Check[], what: string): Check | undefined =>
    checks.find((check) => check.what === what);

  test('finds a folder good, before its first start, while it runs and after', async () => {
    const fresh = await examined();
    assert.equal(fresh.code, 0, JSON.stringify(fresh.checks));
    assert.equal(of(fresh.checks, 'database')?.found, 'made at the first start');
    const serving = await startServing(data);
    servers.push(serving);
    const { code, checks } = await examined();
    assert.equal(code, 0, JSON.stringify(checks));
    assert.match(of(checks, 'database')?.found ?? '', /^answers, PostgreSQL \d+$/);
    for (const what of ['durability', 'schema', 'master key', 'settings', 'node', 'time zones'])
      assert.equal(of(checks, what)?.state, 'ok', what);
    await serving.stop();
    const text = await tidewaiter(data, ['doctor']);
    assert.equal(text.code, 0);
    assert.match(text.stdout, /^ok {3}database: does not run now; its settings are durable$/m);
  });

  test('finds what is broken, and says what to do', async () => {
    const finds = async (what: string, state: string, found: RegExp, env: NodeJS.ProcessEnv = {}) => {
      const { code, checks } = await examined(env);
      const check = checks.find((one) => one.what === what && one.state === state);
      assert.match(check?.found ?? '', found, JSON.stringify(checks));
      assert.notEqual(check?.remedy ?? '', '');
      assert.equal(code, state === 'fail' ? 1 : 0, what);
    };
    const keys = join(data, 'master-keys.json');
    chmodSync(keys, 0o644);
    await finds('master key', 'fail', /may be read or changed by others \(mode 644\)/);
    chmodSync(keys, 0o600);
    renameSync(keys, `${keys}.away`);
    mkdirSync(join(data, 'vault'), { recursive: true });
    await finds('master key', 'fail', /is missing$/);
    renameSync(`${keys}.away`, keys);
    chmodSync(data, 0o755);
    await finds('data folder', 'warn', /others may look into .* \(mode 755\)/);
    chmodSync(data, 0o711);
    const url = 'postgres://nobody@127.0.0.1:9/none';
    await finds('database', 'fail', /does not answer \(.*ECONNREFUSED/, { TIDEWAITER_DATABASE_URL: url });
    await finds('settings', 'fail', /TIDEWAITER_PORT: listen\.port/, { TIDEWAITER_PORT: 'seven' });

    const { db, connection } = await agency.database(wholeSchema);
    const env = {
      TIDEWAITER_DATABASE_URL: `postgres://tester@${encodeURIComponent(connection.host)}/${connection.database}`,
    };
    await finds('durability', 'fail', /fsync = off/, env);
    await sql`delete from kysely_migration where name = ${wholeSchema[0]!.name}`.execute(db);
    assert.match(of((await examined(env)).checks, 'schema')?.found ?? '', /^one step behind$/);
    await sql`insert into kysely_migration (name, timestamp) values ('2999-01-01-later', '')`.execute(db);
    assert.match(of((await examined(env)).checks, 'schema')?.found ?? '', /of a newer version/);

    const [cluster] = readdirSync(join(data, 'database')).filter((n) => /^pg\d/.test(n));
    appendFileSync(join(data, 'database', cluster ?? '', 'postgresql.conf'), '\nfsync = off\n');
    await finds('database', 'fail', /fsync = off/);
  });
});
