import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { joinEmbedded } from '../../../src/platform/embedded/join.ts';
import { openMasterKey } from '../../../src/platform/secrets/file-master-key.ts';
import { openDatabase, type Database } from '../../../src/platform/store/database.ts';
import { Client, newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';
import { until } from '../service-parts.ts';
import { tidewaiter } from './cli.ts';

const bin = fileURLToPath(new URL('../../../bin/tidewaiter.js', import.meta.url));
const [login, password] = ['first-admin', 'seven tides at the quiet pier'];
const bytes = randomBytes(300_000);

describe('the commands for keys and ledger', () => {
  const data = newDataFolder();
  const servers: Serving[] = [];
  let client: Client;
  let db: Database;
  let caseId = '';
  after(async () => {
    await db.destroy();
    for (const server of servers) await server.stop();
    removeDataFolder(data);
  });

  before(async () => {
    const serving = await startServing(data);
    servers.push(serving);
    client = new Client(serving.url);
    const { firstRunCode: code } = serving;
    await client.call('POST', '/first-run', { code, login, name: 'First administrator', password });
    await client.enrol(login, password);
    await client.call('POST', '/sites', { id: 'pier', name: 'Pier', timeZone: 'UTC' });
    const opened = await client.call('POST', '/cases', { site: 'pier', use: 'redaction', title: 'A case' });
    caseId = String(opened.body['id']);
    const connection = await joinEmbedded(join(data, 'database'));
    assert.ok(connection !== undefined);
    db = openDatabase(connection, () => undefined);
  });

  async function upload(): Promise<string> {
    const sent = await client.raw('POST', `/cases/${caseId}/assets?name=a.bin`, {
      body: bytes,
      headers: { 'content-type': 'application/octet-stream' },
    });
    assert.equal(sent.status, 201);
    return ((await sent.json()) as { id: string }).id;
  }
  async function reads(asset: string): Promise<void> {
    const content = await client.raw('GET', `/assets/${asset}/content`);
    assert.deepEqual(Buffer.from(await content.arrayBuffer()), bytes);
  }
  const keyCount = (): number =>
    (JSON.parse(readFileSync(join(data, 'master-keys.json'), 'utf8')) as { keys: unknown[] }).keys.length;
  /** Whether all that is wrapped is wrapped with the newest key. */
  async function allCurrent(): Promise<boolean> {
    const masterKey = await openMasterKey(data);
    const secrets = await db.selectFrom('secrets').select('wrapped').execute();
    const objects = await db.selectFrom('vault_objects').select('wrapped_key as wrapped').execute();
    assert.ok(secrets.length > 0 && objects.length > 0);
    return [...secrets, ...objects].every(({ wrapped }) => masterKey.isCurrent(wrapped));
  }

  test('rotate the master key while a server runs, which goes on reading and writing', async () => {
    const before = await upload();
    const { code, stdout, stderr } = await tidewaiter(data, ['keys', 'rotate']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^There is a new master key\. \d+ secrets and the keys of 1 files/);
    assert.equal(keyCount(), 2);
    await reads(before);
    await reads(await upload());
    assert.ok(await allCurrent());
    await until('it is in the ledger', async () => {
      const rows = await db.selectFrom('ledger').select('event').execute();
      return rows.some(({ event }) => (event as { kind: string }).kind === 'master-key.rotated');
    });
  });

  test('end a rotation that was killed half-way, and refuse a second one meanwhile', async () => {
    const asset = await upload();
    let finish: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (finish = resolve));
    let locked: () => void = () => undefined;
    const isLocked = new Promise<void>((resolve) => (locked = resolve));
    const holding = db.transaction().execute(async (tx) => {
      await tx.selectFrom('vault_objects').select('object').forUpdate().execute();
      locked();
      await held;
    });
    await isLocked;
    const child = spawn(process.execPath, [bin, 'keys', 'rotate'], {
      stdio: 'ignore',
      env: { ...process.env, TIDEWAITER_DATA: data, TIDEWAITER_DATABASE_URL: '' },
    });
    const masterKey = await openMasterKey(data);
    await until(
      'secrets are wrapped again, and keys of the vault are waited for',
      async () => {
        const secrets = await db.selectFrom('secrets').select('wrapped').execute();
        await masterKey.wrap(Buffer.of(1), 'to see the newest key');
        return keyCount() === 3 && secrets.every(({ wrapped }) => masterKey.isCurrent(wrapped));
      },
      15_000,
    );
    const second = await tidewaiter(data, ['keys', 'rotate']);
    assert.match(second.stderr, /^E_MASTER_KEY: Another process is rotating/);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    finish();
    await holding;
    assert.ok(!(await allCurrent()));
    await reads(asset);
    // As one leaves it that is killed while it writes the file.
    writeFileSync(join(data, 'master-keys.json.new'), 'half', { mode: 0o600 });
    const again = await tidewaiter(data, ['keys', 'rotate', '--json']);
    assert.equal(again.code, 0, again.stderr);
    assert.equal((JSON.parse(again.stdout) as { vault: number }).vault, 3);
    assert.ok(await allCurrent());
    assert.ok(!existsSync(join(data, 'master-keys.json.new')));
    await reads(asset);
  });

  test('follow the ledger, and name the first entry that was changed', async () => {
    const nothing = newDataFolder();
    after(() => removeDataFolder(nothing));
    assert.match((await tidewaiter(nothing, ['governance', 'ledger', 'check'])).stderr, /^E_LEDGER_NONE/);
    assert.ok(!existsSync(join(nothing, 'database')), 'nothing was made');
    await until('all have their place', async () => {
      return (await db.selectFrom('ledger_outbox').select('id').execute()).length === 0;
    });
    const good = await tidewaiter(data, ['governance', 'ledger', 'check', '--json']);
    assert.equal(good.code, 0, good.stderr);
    const found = JSON.parse(good.stdout) as Record<string, unknown>;
    const { rows } = await sql<{ entries: number; head: string }>`
      select count(*) as entries, (array_agg(hash order by index desc))[1] as head from ledger`.execute(db);
    assert.deepEqual(
      [found['good'], found['entries'], found['head'], found['waiting']],
      [true, rows[0]?.entries, rows[0]?.head, 0],
    );
    await sql`alter table ledger disable trigger ledger_append_only`.execute(db);
    await sql`update ledger set event = jsonb_set(event, '{actor}', '"system"') where index = 2`.execute(db);
    const told = await tidewaiter(data, ['governance', 'ledger', 'check', '--json']);
    const { good: isGood, brokenAt } = JSON.parse(told.stdout) as Record<string, unknown>;
    assert.deepEqual([told.code, isGood, brokenAt], [1, false, 2]);
  });

  test('work while no server runs', async () => {
    await servers[0]?.stop();
    const rotated = await tidewaiter(data, ['keys', 'rotate']);
    assert.equal(rotated.code, 0, rotated.stderr);
    const checked = await tidewaiter(data, ['governance', 'ledger', 'check']);
    assert.equal(checked.code, 1, checked.stderr);
    assert.match(checked.stdout, /^The ledger is broken at entry 2: .* The 2 entries before it are good\./);
    const serving = await startServing(data);
    servers.push(serving);
    const state = await new Client(serving.url).call('POST', '/session', { login, password });
    assert.equal(state.body['state'], 'second-factor');
  });
});
