import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { startEmbedded, type EmbeddedServer } from '../../../src/platform/embedded/start.ts';
import { ServiceRunner } from '../../../src/platform/services/runner.ts';
import { startService } from '../../../src/platform/services/services.ts';
import { readSettings } from '../../../src/platform/settings/settings.ts';
import { openPlatform } from '../../../src/server/open-platform.ts';
import { deliverLeft } from '../../../src/uses/watch/platform/delivery.ts';
import type { Report, RunOf } from '../../../src/uses/watch/platform/ingest.ts';
import { watchServices } from '../../../src/uses/watch/platform/services.ts';
import { Spool } from '../../../src/uses/watch/platform/spool.ts';
import { until } from '../../platform/attack/redactions.ts';
import { newWatchThings } from '../../platform/attack/watch-things.ts';
import { newDataFolder, removeDataFolder } from '../../platform/serving.ts';
import { alertOf, ScriptedCamera } from './desk.ts';

const picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#246' } })
  .jpeg()
  .toBuffer();

test('alerts of a time without a database are kept on disk, and come in order, each once', async () => {
  const data = newDataFolder();
  const start = (): Promise<EmbeddedServer> =>
    startEmbedded({ folder: join(data, 'database'), log: () => undefined, onFailed: () => undefined });
  let server = await start();
  const { user, password, host, port, database } = server.connection;
  const address = `postgres://${user}:${encodeURIComponent(String(password))}@${encodeURIComponent(host)}:${port}/${database}`;
  const settings = await readSettings({ TIDEWAITER_DATA: data, TIDEWAITER_DATABASE_URL: address }, data);
  const platform = await openPlatform({
    ...{ settings, database: 'run', log: () => undefined, onFailed: () => undefined },
  });
  const { db } = platform;
  const camera = new ScriptedCamera();
  const kinds = watchServices(() => platform, camera.run);
  const runner = ServiceRunner.start({
    ...{ connection: platform.connection, kinds: Object.values(kinds), capacity: 5 },
    onError: () => undefined,
  });
  after(async () => {
    await runner.stop(3);
    await platform.close();
    await server.stop();
    removeDataFolder(data);
  });
  const by = randomUUID();
  await db.insertInto('sites').values({ id: 'pier', name: 'Pier', time_zone: 'UTC' }).execute();
  const caseId = randomUUID();
  await db
    .insertInto('cases')
    .values({ id: caseId, site_id: 'pier', use: 'watch', title: 'Watch', owner_id: by, state: 'open' })
    .execute();
  const { cameraId } = await newWatchThings(db, { site: 'pier', by, caseId });
  await db.transaction().execute((tx) =>
    startService(tx, {
      ...{ kind: kinds.camera, siteId: 'pier', settings: { camera: cameraId, revision: 1 } },
      ...{ by, at: new Date() },
    }),
  );
  const { handlers } = await camera.begun();
  const tell = async (n: number): Promise<void> =>
    handlers.onAlert?.(alertOf(n), { jpeg: picture, width: 64, height: 48 });
  const told = async (): Promise<number[]> =>
    (await db.selectFrom('watch_alerts').select('alert').orderBy('created_at').execute())
      .map(({ alert }) => alert.time)
      .filter((time) => time > 0);
  for (const n of [1, 2, 3]) await tell(n);
  await until(async () => (await told()).length === 3, 'three came');

  await server.stop();
  for (const n of [4, 5, 6, 7, 8]) await tell(n);
  const spool = join(data, 'watch', 'spool');
  const reports = readdirSync(spool).find((name) => name.endsWith('.reports'));
  const text = readFileSync(join(spool, reports ?? ''), 'utf8');
  assert.equal(text.match(/"kind":"alert"/g)?.length, 5, 'what was told lies on the disk');
  await assert.rejects(told(), 'the database is away');
  await sleep(2000);
  server = await start();
  const all = [1, 2, 3, 4, 5, 6, 7, 8];
  await until(async () => (await told().catch(() => [])).length === 8, 'all came');
  assert.deepEqual(await told(), all);
  const pictures = async (): Promise<number> =>
    (await db.selectFrom('watch_pictures').select('asset_id').execute()).length;
  await until(async () => (await pictures()) === 8, 'their pictures too');

  // A process that died left this: two reports that were kept, and one that was being written.
  const run: RunOf = { id: randomUUID(), cameraId, siteId: 'pier', generation: 0, models: [] };
  await db
    .insertInto('watch_runs')
    .values({ id: run.id, camera_id: cameraId, generation: 0, started_at: new Date() })
    .execute();
  const path = join(spool, `${run.id}.reports`);
  const dead = await Spool.open<Report & { readonly run: RunOf }>(path, 1e6);
  for (const n of [9, 10]) await dead.append({ kind: 'alert', alert: alertOf(n), test: false, run });
  const lines = readFileSync(path, 'utf8');
  appendFileSync(path, lines.slice(0, 100));
  await deliverLeft(platform);
  assert.deepEqual(await told(), all, 'one that may still be written to is left alone');
  const old = new Date(Date.now() - 120_000);
  utimesSync(path, old, old);
  await deliverLeft(platform);
  assert.deepEqual(await told(), [...all, 9, 10]);
  assert.equal(existsSync(path), false);
  await dead.remove();
});
