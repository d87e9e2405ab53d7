import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { openCheckpoint } from '../../src/governance/log/checkpoint.ts';
import { entryLeaf } from '../../src/governance/log/log.ts';
import { provesConsistency, provesInclusion } from '../../src/governance/log/merkle.ts';
import { parseVerifyKey } from '../../src/core/signing-key.ts';
import { joinEmbedded } from '../../src/platform/embedded/join.ts';
import { openDatabase } from '../../src/platform/store/database.ts';
import { tidewaiter } from '../platform/ops/cli.ts';
import { Client, newDataFolder, removeDataFolder, startServing, type Serving } from '../platform/serving.ts';
import { until } from '../platform/service-parts.ts';

const [login, password] = ['first-admin', 'seven tides at the quiet pier'];

describe('the ledger of a running platform', () => {
  const data = newDataFolder();
  const witness = join(data, 'witness.txt');
  let serving: Serving;
  let client: Client;
  after(async () => {
    await serving.stop();
    removeDataFolder(data);
  });
  before(async () => {
    writeFileSync(join(data, 'settings.yaml'), `ledger: { witness: ${witness} }\n`);
    serving = await startServing(data, { TIDEWAITER_SETTINGS: join(data, 'settings.yaml') });
    client = new Client(serving.url);
    const { firstRunCode: code } = serving;
    await client.call('POST', '/first-run', { code, login, name: 'First administrator', password });
    await client.enrol(login, password);
    await client.call('POST', '/sites', { id: 'pier', name: 'Pier', timeZone: 'UTC' });
  });

  const openCase = (): Promise<unknown> =>
    client.call('POST', '/cases', { site: 'pier', use: 'redaction', title: 'A case' });
  const head = async (): Promise<{ size: number; note: string; keys: string[] }> =>
    (await client.call('GET', '/ledger/head')).body as { size: number; note: string; keys: string[] };
  const hashes = async (path: string): Promise<Buffer[]> =>
    ((await client.call('GET', path)).body['proof'] as string[]).map((hash) => Buffer.from(hash, 'base64'));

  test('signs what happens, and proves each entry and that nothing before it changed', async () => {
    await openCase();
    await until('a first head', async () => (await head()).size > 0);
    const older = await head();
    await openCase();
    await until('another head', async () => (await head()).size > older.size);
    const newer = await head();
    const key = parseVerifyKey(newer.keys[0]!, 'the key');
    const [seen, now] = [openCheckpoint(older.note, key)!, openCheckpoint(newer.note, key)!];
    const growth = await hashes(`/ledger/growth?older=${seen.size}&newer=${now.size}`);
    const part = { begin: 0, end: seen.size, root: seen.root };
    assert.ok(provesConsistency({ part, tree: now, proof: growth }));
    const { items } = (await client.call('GET', '/ledger/entries?limit=500')).body as {
      items: { index: number; event: object }[];
    };
    for (const { index, event } of items.slice(0, now.size)) {
      const proof = await hashes(`/ledger/entries/${index}/proof?size=${now.size}`);
      const said = { leaf: entryLeaf(event), index, within: { begin: 0, end: now.size }, proof };
      assert.ok(provesInclusion(said, now.root), `entry ${index}`);
    }
    assert.equal((await client.call('GET', `/ledger/entries/0/proof?size=${10 ** 9}`)).status, 400);
  });

  test('the commands for it, and for permits, stand below governance and nowhere else', async () => {
    const help = await tidewaiter(data, ['governance', '--help']);
    for (const name of ['check', 'inventory', 'face-test', 'accept', 'ledger', 'permit'])
      assert.match(help.stdout, new RegExp(`^  ${name} `, 'm'));
    for (const name of ['ledger', 'permit'])
      assert.match((await tidewaiter(data, [name, 'list'])).stderr, /^E_USAGE/);
    const listed = await tidewaiter(data, ['governance', 'permit', 'list']);
    assert.deepEqual([listed.code, listed.stdout], [0, 'No permit was issued here.\n']);
    const files = ['-o', join(data, 'permit.json'), '--key', join(data, 'permit.pem')];
    const unknown = await tidewaiter(data, ['governance', 'permit', 'export', randomUUID(), ...files]);
    assert.match(unknown.stderr, /^E_GOVERNANCE_UNKNOWN/);
  });

  test('is exported and verified anywhere, and a change in the database is found', async () => {
    const [file, pub] = [join(data, 'ledger.jsonl'), join(data, 'ledger.pub.pem')];
    const exported = await tidewaiter(data, ['governance', 'ledger', 'export', file]);
    assert.equal(exported.code, 0, exported.stderr);
    writeFileSync(pub, (await tidewaiter(data, ['governance', 'ledger', 'key'])).stdout);
    const verify = (): ReturnType<typeof tidewaiter> =>
      tidewaiter(data, ['governance', 'ledger', 'verify', file, '--key', pub, '--witness', witness]);
    const good = await verify();
    assert.equal(good.code, 0, good.stderr);
    assert.match(good.stdout, /^The ledger of tidewaiter\/[0-9a-f]{16} is good: \d+ entries.* all \d+ heads/);
    const again = await tidewaiter(data, [
      'governance',
      'ledger',
      'export',
      join(data, 'no/such/folder.jsonl'),
    ]);
    assert.equal(again.code, 2);

    // Somebody who owns the database takes the trigger off and rewrites the third entry and all that follows from it.
    const connection = await joinEmbedded(join(data, 'database'));
    const db = openDatabase(connection!, () => undefined);
    try {
      await sql`alter table ledger disable trigger ledger_append_only`.execute(db);
      await sql`update ledger set event = jsonb_set(event, '{actor}', '"nobody"') where index = 2`.execute(
        db,
      );
      assert.equal((await tidewaiter(data, ['governance', 'ledger', 'export', file])).code, 0);
      const changed = await verify();
      assert.equal(changed.code, 2);
      assert.match(changed.stderr, /E_LEDGER_CHANGED.*entry 2 is not what its hash says/s);

      await sql`truncate ledger_tiles`.execute(db);
      await sql`alter table ledger_heads disable trigger ledger_heads_append_only`.execute(db);
      await sql`truncate ledger_heads`.execute(db);
      await openCase();
      await until('the witness objects', () =>
        Promise.resolve(/E_LEDGER_WITNESS|witness/.test(serving.log())),
      );
      // Which of the two it says first depends on when it looks: behind the truncation, or behind the new entry.
      assert.match(
        serving.log(),
        /entries are not those that it saw|it saw \d+ entries, and the ledger has \d/,
      );
    } finally {
      await db.destroy();
    }
    assert.equal(readFileSync(witness, 'utf8').includes('tidewaiter/'), true);
  });
});
