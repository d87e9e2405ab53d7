import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import type { Database } from '../../../src/platform/store/database.ts';
import { keepObservations, preparePartitions } from '../../../src/platform/store/observations.ts';
import { readSettings, type Settings } from '../../../src/platform/settings/settings.ts';
import { backUp } from '../../../src/server/backup/back-up.ts';
import { restore } from '../../../src/server/backup/restore.ts';
import { ask, newPerson, newSession, newThings, openHouse } from '../attack/house.ts';
import { newWatchThings } from '../attack/watch-things.ts';
import { startTestServer } from '../postgres.ts';
import { hashes } from './hashes.ts';

const house = await openHouse();
const agency = await startTestServer();
const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-agency-backup-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('an agency’s database with its vault is backed up, and comes back in another database of the agency', async () => {
  const { db, settings } = house.platform;
  const by = await newPerson(house, [{ site: '*', role: 'admin' }]);
  const headers = await newSession(house, by);
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
  await reachOut(by);
  const before = await hashes(db);

  const common = {
    file: join(folder, 'whole.tar'),
    passphrase: 'five words nobody else would say',
    signal: new AbortController().signal,
    log: () => undefined,
  };
  const { rows } = await backUp({ ...common, settings, now: new Date() });
  assert.ok(rows > 5000);

  const taken = await emptyPlace('gone');
  const { reaching } = await restore({ ...common, settings: taken.settings, beside: false });
  assert.deepEqual(reaching, { cameras: 1, webhooks: 1, channels: 1 });
  assert.deepEqual(await hashes(taken.db), before);

  const beside = await emptyPlace('beside');
  const off = await restore({ ...common, settings: beside.settings, beside: true });
  assert.deepEqual(off.reaching, { cameras: 1, webhooks: 1, channels: 1 });
  const on = await sql`
    select id from webhooks where disabled_at is null
    union all select id from watch_channels where enabled
    union all select id from watch_cameras where enabled
    union all select id from services where kind = 'watch.camera' and (wanted, state) <> ('stopped', 'stopped')
    union all select id from watch_messages where state = 'waiting'`.execute(beside.db);
  assert.deepEqual(on.rows, [], 'beside the one that it is of, it neither watches nor sends');
  const after = await hashes(beside.db);
  const changed = Object.keys(before).filter((table) => after[table] !== before[table]);
  assert.deepEqual(changed.sort(), [
    'services',
    'watch_cameras',
    'watch_channels',
    'watch_messages',
    'webhooks',
  ]);
});

/** A camera that is watched, a webhook, and a channel with a message that waits. */
async function reachOut(by: string): Promise<void> {
  const { db } = house.platform;
  const { caseId } = await newThings(house, 'pier', by);
  const { channelId, cameraId } = await newWatchThings(db, { site: 'pier', by, caseId });
  await db.updateTable('watch_channels').set({ enabled: true }).where('id', '=', channelId).execute();
  await db
    .insertInto('watch_messages')
    .values({ id: randomUUID(), channel_id: channelId, about: cameraId, body: '{}' })
    .execute();
  await sql`insert into services (id, site_id, use, kind, settings, created_by)
    select service_id, site_id, 'watch', 'watch.camera', '{}', ${by} from watch_cameras where id = ${cameraId}`.execute(
    db,
  );
  await db.updateTable('watch_cameras').set({ enabled: true }).where('id', '=', cameraId).execute();
  await db
    .insertInto('webhooks')
    .values({
      ...{ id: randomUUID(), url: 'https://hooks.example/x', kinds: ['asset.received'] },
      ...{ secret: Buffer.alloc(32), created_by: by, created_at: new Date() },
    })
    .execute();
}

async function emptyPlace(name: string): Promise<{ readonly db: Database; readonly settings: Settings }> {
  const { db, connection } = await agency.database([]);
  const tables = ['kysely_migration', 'kysely_migration_lock'];
  for (const table of tables) await db.schema.dropTable(table).ifExists().execute();
  const { user, host, port, database } = connection;
  const url = `postgres://${user}@${encodeURIComponent(host)}:${port}/${database}`;
  const place = { TIDEWAITER_DATA: join(folder, name), TIDEWAITER_DATABASE_URL: url };
  return { db, settings: await readSettings(place, folder) };
}
