import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { joinEmbedded } from '../../../src/platform/embedded/join.ts';
import { openDatabase, type Database } from '../../../src/platform/store/database.ts';
import { keepObservations, preparePartitions } from '../../../src/platform/store/observations.ts';
import { readSettings } from '../../../src/platform/settings/settings.ts';
import { backUp } from '../../../src/server/backup/back-up.ts';
import { restore as restoreBackup } from '../../../src/server/backup/restore.ts';
import { startTestServer } from '../postgres.ts';
import { Client, newDataFolder, removeDataFolder, startServing, totp, type Serving } from '../serving.ts';
import { tidewaiter, type Answer } from './cli.ts';
import { hashes } from './hashes.ts';

const login = 'first-admin';
const password = 'seven tides at the quiet pier';
const passphrase = 'five words nobody else would say';
const agency = await startTestServer();

describe('a backup', () => {
  const data = newDataFolder();
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-backup-'));
  const file = join(folder, 'whole.tar');
  /** Made while observations came in. */
  const busyFile = join(folder, 'busy.tar');
  const passphraseFile = join(folder, 'passphrase');
  /** Longer than a piece of a part, so that it takes several. */
  const bytes = randomBytes(9_000_001);
  const servers: Serving[] = [];
  let [secret, asset, upload] = ['', '', ''];
  const tus = { 'tus-resumable': '1.0.0' };
  let rows: Record<string, string> = {};

  const restore = (from: string, to: string, env: NodeJS.ProcessEnv = {}): Promise<Answer> =>
    tidewaiter(to, ['restore', from, '--passphrase-file', passphraseFile], { env });

  const makeBackup = async (to: string): Promise<void> => {
    const answer = await tidewaiter(data, ['backup', to, '--passphrase-file', passphraseFile, '--json']);
    assert.equal(answer.code, 0, answer.stderr);
  };

  before(async () => {
    chmodSync(folder, 0o711);
    writeFileSync(passphraseFile, `${passphrase}\n`);
    const serving = await startServing(data);
    servers.push(serving);
    const client = new Client(serving.url);
    await client.call('POST', '/first-run', {
      code: serving.firstRunCode,
      login,
      name: 'First administrator',
      password,
    });
    secret = await client.enrol(login, password);
    await client.call('POST', '/sites', { id: 'pier', name: 'Pier', timeZone: 'America/New_York' });
    const opened = await client.call('POST', '/cases', {
      site: 'pier',
      use: 'redaction',
      title: 'Tab\there, \\N, "quotes" and a\nline',
    });
    const uploaded = await client.raw('POST', `/cases/${String(opened.body['id'])}/assets?name=long.bin`, {
      body: bytes,
      headers: { 'content-type': 'application/octet-stream' },
    });
    assert.equal(uploaded.status, 201);
    asset = ((await uploaded.json()) as { id: string }).id;
    const begun = await client.raw('POST', `/cases/${String(opened.body['id'])}/uploads`, {
      headers: { ...tus, 'upload-length': '1000', 'upload-metadata': `filename ${btoa('half.bin')}` },
    });
    assert.equal(begun.status, 201);
    upload = begun.headers.get('location')?.replace('/api/v1', '') ?? '';
    const half = { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
    const sent = await client.raw('PATCH', upload, { headers: half, body: bytes.subarray(0, 500) });
    assert.equal(sent.status, 204);
    await withDatabase(data, async (db) => {
      await preparePartitions(db, new Date('2026-01-10'), new Date('2026-02-10'));
      await db.transaction().execute((tx) => keepObservations(tx, observations(20_000)));
    });
    rows = await withDatabase(data, async (db) => {
      while ((await db.selectFrom('ledger_outbox').select('id').execute()).length > 0) await sleep(100);
      return hashes(db);
    });
    await makeBackup(file);
    await withDatabase(data, async (db) => {
      const done = new AbortController();
      const ingest = (async () => {
        while (!done.signal.aborted)
          await db.transaction().execute((tx) => keepObservations(tx, observations(1000)));
      })();
      await makeBackup(busyFile).finally(() => done.abort());
      await ingest;
    });
    await serving.stop();
  });
  after(async () => {
    for (const server of servers) await server.stop();
    removeDataFolder(data);
    rmSync(folder, { recursive: true, force: true });
  });

  test('made while the platform runs is whole, private and readable with tar', async () => {
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.unfinished')),
      [],
    );
    const twice = await tidewaiter(data, ['backup', file, '--passphrase-file', passphraseFile]);
    assert.match(twice.stderr, /^E_BACKUP: .* is there already/);
    assert.match(
      execFileSync('tar', ['tf', file]).toString(),
      /^keys\/000000\nkeys\/sha256\n[^]*manifest\/sha256\n$/,
    );
  });

  test('comes back in another folder with the same people, bytes and rows', async () => {
    const other = join(folder, 'other');
    const answer = await restore(file, other);
    assert.equal(answer.code, 0, answer.stderr);
    assert.deepEqual(readdirSync(other).sort(), ['database', 'master-keys.json', 'vault']);
    const serving = await startServing(other);
    servers.push(serving);
    assert.equal(serving.firstRunCode, undefined);
    const back = await withDatabase(other, hashes);
    assert.deepEqual(without(back), without(rows));
    assert.match(`${rows['uploads']}, ${back['uploads']}`, /^1 .*, 0 $/);
    const client = new Client(serving.url);
    const state = await client.call('POST', '/session', { login, password });
    assert.equal(state.body['state'], 'second-factor');
    const factor = await client.call('POST', '/session/second-factor', {
      code: totp(secret, Date.now() + 30_000),
    });
    assert.equal(factor.status, 200, JSON.stringify(factor.body));
    await client.call('POST', '/session/banner');
    const content = await client.raw('GET', `/assets/${asset}/content`);
    assert.deepEqual(Buffer.from(await content.arrayBuffer()), bytes);
    const more = { ...tus, 'upload-offset': '500', 'content-type': 'application/offset+octet-stream' };
    const ended = await client.raw('PATCH', upload, { headers: more, body: bytes.subarray(500, 1000) });
    assert.deepEqual(
      [ended.status, ((await ended.json()) as { code: string }).code],
      [404, 'E_NOT_FOUND'],
      'its bytes are in no backup: whoever sends it begins again',
    );
    await withDatabase(other, async (db) => {
      await db.transaction().execute((tx) => keepObservations(tx, observations(1)));
      const { rows: ids } = await sql<{ clash: number }>`
        select count(*)::int - count(distinct id)::int as clash from observations`.execute(db);
      assert.equal(ids[0]?.clash, 0, 'numbers go on where they stood');
    });
    assert.equal(await serving.stop(), 143);
    const onto = await restore(file, other);
    assert.match(onto.stderr, /^E_RESTORE: .* is not empty/);
    assert.ok(existsSync(join(other, 'vault')), 'what was there stays');
  });

  test('comes back in a database of the agency, which must be empty', async () => {
    const { db, connection } = await agency.database([]);
    await sql`drop table if exists kysely_migration, kysely_migration_lock`.execute(db);
    const env = {
      TIDEWAITER_DATABASE_URL: `postgres://tester@${encodeURIComponent(connection.host)}/${connection.database}`,
    };
    const other = join(folder, 'agency');
    const broken = join(folder, 'broken.tar');
    damage(file, broken, 0.5);
    assert.match((await restore(broken, other, env)).stderr, /^E_BACKUP_DAMAGED/);
    const { rows: left } =
      await sql`select 1 from pg_class where relnamespace = 'public'::regnamespace`.execute(db);
    assert.equal(left.length, 0);
    const answer = await restore(busyFile, other, env);
    assert.equal(answer.code, 0, answer.stderr);
    const { rows: counts } = await sql<{ rows: number; counted: number }>`
      select (select count(*)::int from observations) as rows, sum(count)::int as counted from observation_hours`.execute(
      db,
    );
    assert.ok((counts[0]?.rows ?? 0) >= 20_000);
    assert.equal(counts[0]?.rows, counts[0]?.counted, 'it is of one moment');
    assert.deepEqual(readdirSync(other).sort(), ['master-keys.json', 'vault']);
    assert.match(
      (await restore(file, join(folder, 'second'), env)).stderr,
      /^E_RESTORE: The database is not empty/,
    );
  });

  test('that was changed, cut or is opened with a wrong passphrase leaves nothing', async () => {
    const { size } = statSync(file);
    const bad = join(folder, 'bad.tar');
    const to = join(folder, 'nothing');
    const settings = await readSettings({ TIDEWAITER_DATA: to }, folder);
    const { signal } = new AbortController();
    const refused = async (what: string, code: string, words = passphrase): Promise<void> => {
      const options = {
        settings,
        file: bad,
        passphrase: words,
        beside: false,
        signal,
        log: () => undefined,
      };
      await assert.rejects(restoreBackup(options), { code }, what);
      assert.ok(!existsSync(to), what);
    };
    for (const place of [0.01, 0.7, (size - 1) / size]) {
      damage(file, bad, place);
      await refused(`a byte at ${place}`, 'E_BACKUP_DAMAGED');
    }
    for (const length of [0, 700, Math.floor(size / 2), size - 1024]) {
      copyFileSync(file, bad);
      truncateSync(bad, length);
      await refused(`cut to ${length}`, 'E_BACKUP_DAMAGED');
    }
    copyFileSync(file, bad);
    await refused('a wrong passphrase', 'E_MASTER_KEY_BACKUP', 'another passphrase than that');
  });

  test('that is broken off leaves nothing', async () => {
    const settings = await readSettings({ TIDEWAITER_DATA: data }, folder);
    const stop = new AbortController();
    const to = join(folder, 'stopped.tar');
    const options = { settings, file: to, passphrase, now: new Date(), log: () => undefined };
    const work = backUp({ ...options, signal: stop.signal });
    while (!existsSync(`${to}.unfinished`)) await sleep(5);
    stop.abort();
    await assert.rejects(work, { code: 'E_CANCELLED' });
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('stopped')),
      [],
    );
    await assert.rejects(backUp({ ...options, passphrase: 'short', signal: new AbortController().signal }), {
      code: 'E_MASTER_KEY_BACKUP',
    });
    assert.ok(!existsSync(`${to}.unfinished`));
  });
});

/** What the platform itself changes as it starts and people sign in. */
function without({
  sessions: _,
  first_run: __,
  chores: ___,
  service_runners: ____,
  uploads: _____,
  ...rest
}: Record<string, string>): Record<string, string> {
  return rest;
}

/** Turns one bit over. */
function damage(from: string, to: string, place: number): void {
  const content = readFileSync(from);
  const index = Math.floor(content.length * place);
  content[index] = (content[index] ?? 0) ^ 0x10;
  writeFileSync(to, content);
}

function observations(count: number): Parameters<typeof keepObservations>[1] {
  return Array.from({ length: count }, (_, index) => ({
    siteId: 'pier',
    seenAt: new Date(Date.UTC(2026, 0, 20) + index * 60_000),
    at: index / 3,
    class: 'boat',
    score: (index % 1000) / 1000,
    box: { x: index, y: 1.5, width: 3, height: 4 },
    text: `hull\t${index}\\`,
    model: 'test',
    modelDigest: 'a'.repeat(64),
  }));
}

async function withDatabase<T>(folder: string, work: (db: Database) => Promise<T>): Promise<T> {
  const connection = await joinEmbedded(join(folder, 'database'));
  assert.ok(connection !== undefined);
  const db = openDatabase(connection, () => undefined);
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
