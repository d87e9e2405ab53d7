import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { keepObservations, preparePartitions } from '../../../src/platform/store/observations.ts';
import { readSettings } from '../../../src/platform/settings/settings.ts';
import { backUp } from '../../../src/server/backup/back-up.ts';
import { restore } from '../../../src/server/backup/restore.ts';
import { ask, newPerson, newSession, openHouse } from '../attack/house.ts';
import { startTestServer } from '../postgres.ts';
import { hashes } from './hashes.ts';

const house = await openHouse();
const agency = await startTestServer();
const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-agency-backup-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('an agency’s database with its vault is backed up, and comes back in another database of the agency', async () => {
  const { db, settings } = house.platform;
  const headers = await newSession(house, await newPerson(house, [{ site: '*', role: 'admin' }]));
  const title = 'Tab\there, \\N, "quotes" and a\nline';
  const opened = await ask(house, {
    method: 'POST',
    path: '/api/v1/cases',
    headers,
    body: { site: 'pier', use: 'redaction', title },
  });
  assert.equal(opened.status, 201, opened.text);
  const seenAt = new Date('2026-01-20T00:00:00Z');
  await preparePartitions(db, seenAt, seenAt);
  const seen = Array.from({ length: 5000 }, (_, index) => ({
    siteId: 'pier',
    seenAt,
    at: index / 3,
    class: 'boat',
    score: (index % 1000) / 1000,
    box: { x: index, y: 1.5, width: 3, height: 4 },
    text: `hull\t${index}\\`,
    model: 'test',
    modelDigest: 'a'.repeat(64),
  }));
  await db.transaction().execute((tx) => keepObservations(tx, seen));
  const before = await hashes(db);

  const common = {
    file: join(folder, 'whole.tar'),
    passphrase: 'five words nobody else would say',
    signal: new AbortController().signal,
    log: () => undefined,
  };
  const { rows } = await backUp({ ...common, settings, now: new Date() });
  assert.ok(rows > 5000);

  const { db: empty, connection } = await agency.database([]);
  const tables = ['kysely_migration', 'kysely_migration_lock'];
  for (const table of tables) await empty.schema.dropTable(table).ifExists().execute();
  const { user, host, port, database } = connection;
  const url = `postgres://${user}@${encodeURIComponent(host)}:${port}/${database}`;
  const data = join(folder, 'elsewhere');
  const place = await readSettings({ TIDEWAITER_DATA: data, TIDEWAITER_DATABASE_URL: url }, folder);
  await restore({ ...common, settings: place });
  assert.deepEqual(await hashes(empty), before);
});
