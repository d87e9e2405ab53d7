import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { deliverLeft, type DeliveryStanding } from '../../../src/uses/watch/platform/delivery.ts';
import type { Report, RunOf } from '../../../src/uses/watch/platform/ingest.ts';
import { readSpool, Spool } from '../../../src/uses/watch/platform/spool.ts';
import { needs } from '../../needs.ts';
import { until } from '../../platform/attack/redactions.ts';
import { newDataFolder, removeDataFolder } from '../../platform/serving.ts';
import { alertOf } from './desk.ts';
import { watched } from './outage-house.ts';

test('alerts of a time without a database are kept on disk, and come in order, each once', async () => {
  const data = newDataFolder();
  const { db, platform, cameraId, start, stop, tell, told } = await watched(data);
  after(() => removeDataFolder(data));
  for (const n of [1, 2, 3]) await tell(n);
  await until(async () => (await told()).length === 3, 'three came');

  await stop();
  for (const n of [4, 5, 6, 7, 8]) await tell(n);
  const spool = join(data, 'watch', 'spool');
  const reports = readdirSync(spool).find((name) => name.endsWith('.reports'));
  const text = readFileSync(join(spool, reports ?? ''), 'utf8');
  assert.equal(text.match(/"kind":"alert"/g)?.length, 5, 'what was told lies on the disk');
  await assert.rejects(told(), 'the database is away');
  await sleep(2000);
  await start();
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
  const left = join(spool, `${randomUUID()}.reports`);
  copyFileSync(path, left);
  await dead.remove();
  utimesSync(left, old, old);
  // Whoever watches looks for it now and then.
  await until(async () => (await told()).length === 10, 'what was left came');
  assert.deepEqual(await told(), [...all, 9, 10]);
  await until(() => !existsSync(left), 'and is there no more');
});

test('a disk that is full and a database that is away, with 40 alerts in a minute: none is lost, and all is said', async (t) => {
  if (!needs(t, 'root', 'mount')) return;
  const data = newDataFolder();
  const spool = join(data, 'watch', 'spool');
  mkdirSync(spool, { recursive: true });
  // What is full is the disk of the machine beside the camera: that of the database is another one.
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', spool]);
  const { db, handlers, start, stop, tell, told } = await watched(data);
  after(() => {
    execFileSync('umount', ['-l', spool]);
    removeDataFolder(data);
  });
  const note = async (): Promise<Partial<DeliveryStanding>> => {
    const now = { at: Date.now(), frames: 1, dropped: 0, reconnects: 0, latency: 0.1, queueAge: 0 };
    handlers.onFigures?.(now);
    const { note: said } = await db.selectFrom('services').select('note').executeTakeFirstOrThrow();
    return said ?? {};
  };
  await tell(1);
  await until(async () => (await told()).length === 1, 'the first came');
  writeFileSync(join(spool, 'filler'), Buffer.alloc(52 * 1024));
  await stop();
  const all = Array.from({ length: 40 }, (_, n) => n + 1);
  for (const n of all.slice(1)) await tell(n);
  const { bavail } = statfsSync(spool);
  assert.equal(bavail, 0, 'the disk is full');
  await start();
  await until(async () => (await told().catch(() => [])).length === 40, 'all came');
  assert.deepEqual(await told(), all);
  rmSync(join(spool, 'filler'));
  const pictures = async (): Promise<number> =>
    (await db.selectFrom('watch_pictures').select('asset_id').execute()).length;
  await until(async () => (await pictures()) === 40, 'their pictures too');
  await until(
    async () => (await note()).notOnDisk === 0,
    'nothing waits any more, and the camera is watched on',
  );
});

test('a disk that takes no file for a spool keeps no camera from being watched, and it is said', async () => {
  const data = newDataFolder();
  after(() => removeDataFolder(data));
  mkdirSync(join(data, 'watch'));
  const place = join(data, 'watch', 'spool');
  // Nothing can be made in what is no folder, by whomever.
  writeFileSync(place, '');
  const { db, handlers, tell, told } = await watched(data);
  const refuses = async (): Promise<number | undefined> => {
    const now = { at: Date.now(), frames: 1, dropped: 0, reconnects: 0, latency: 0.1, queueAge: 0 };
    handlers.onFigures?.(now);
    const { note } = await db.selectFrom('services').select('note').executeTakeFirstOrThrow();
    return (note as Partial<DeliveryStanding> | null)?.diskRefuses;
  };
  await until(
    async () => (await refuses()) === 1,
    'that the disk takes nothing is said before anything waits',
  );
  await tell(1);
  await until(async () => (await told()).length === 1, 'the first came');
  rmSync(place);
  await tell(2);
  await until(async () => (await told()).length === 2, 'the second came');
  await until(async () => (await refuses()) === 0, 'it takes them again');
  assert.ok(existsSync(place));
});

test('a spool whose disk fills up keeps in memory what the disk does not take, in order, up to its limit', async (t) => {
  if (!needs(t, 'root', 'mount')) return;
  const folder = newDataFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k,mode=700', 'tmpfs', folder]);
  after(() => {
    execFileSync('umount', ['-l', folder]);
    removeDataFolder(folder);
  });
  const spool = await Spool.open<{ readonly n: number; readonly text: string }>(
    join(folder, 'x.reports'),
    320_000,
  );
  const text = 'x'.repeat(3000);
  let kept = 0;
  while (await spool.append({ n: kept, text })) kept++;
  const { waiting, inMemory } = spool.standing;
  // 16 kB of disk hold five of them, a sixteenth of the limit six more.
  assert.deepEqual([kept, waiting, inMemory], [11, 11, 6]);
  assert.equal((await readSpool(join(folder, 'x.reports'))).length, 5, 'what is not whole does not count');
  const out: number[] = [];
  await spool.drain(async ({ n }) => void out.push(n));
  assert.deepEqual(
    out,
    Array.from({ length: 11 }, (_, n) => n),
  );
  assert.ok(await spool.append({ n: 99, text }));
  assert.deepEqual([spool.standing.waiting, spool.standing.inMemory], [1, 0], 'there is room again');
  await spool.remove();
});
