import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { coverageOf } from '../../../src/uses/watch/platform/coverage.ts';
import { Delivery } from '../../../src/uses/watch/platform/delivery.ts';
import type { RunOf } from '../../../src/uses/watch/platform/ingest.ts';
import { until } from '../../platform/service-parts.ts';
import { newDataFolder, removeDataFolder } from '../../platform/serving.ts';
import { alertOf } from './desk.ts';
import { picture, watched } from './outage-house.ts';

const awayMs = 120_000;
/** Numbers of the alerts of a run that is not ended by the outage; those of the camera begin at 1. */
const unended = 1000;
/** Alerts are told so often. */
const everyMs = 500;

test('the database is away for two minutes while alerts come all the time: none is lost, in order, each once', async () => {
  const data = newDataFolder();
  const { db, platform, cameraId, handlers, next, start, stop, tell, told } = await watched(data);
  after(() => removeDataFolder(data));
  const run: RunOf = { id: randomUUID(), cameraId, siteId: 'pier', generation: 0, models: [] };
  await db
    .insertInto('watch_runs')
    .values({ id: run.id, camera_id: cameraId, generation: 0, started_at: new Date() })
    .execute();
  const delivery = await Delivery.start(platform, run);
  await handlers.onState?.({ state: 'live', since: Date.now() });
  let [watchedTold, allTold] = [0, 0];
  /** What a camera tells while it is watched, and beside it what is told as if nothing ended that. */
  const tellFor = async (ms: number): Promise<void> => {
    for (const end = Date.now() + ms; Date.now() < end; await sleep(everyMs)) {
      if (!handlers.signal.aborted) await tell(++watchedTold);
      const alert = alertOf(unended + ++allTold);
      await delivery.report({ kind: 'alert', alert, test: false });
      await delivery.picture(alert.id, picture);
    }
  };
  await tellFor(3000);
  await until('the first came', async () => (await told()).length === watchedTold + allTold, 20_000);

  const began = new Date();
  const before = { watchedTold, allTold };
  await stop();
  await tellFor(awayMs);
  assert.ok(handlers.signal.aborted, 'nobody can stop it: it is no longer watched');
  assert.ok(watchedTold > before.watchedTold + 5, 'until then its alerts were kept');
  assert.ok(allTold > before.allTold + (0.5 * awayMs) / everyMs);
  assert.ok(delivery.standing.waiting > 0 && delivery.standing.notOnDisk === 0);
  await assert.rejects(told(), 'the database is away');
  const ended = new Date();

  await start();
  await tellFor(3000);
  const numbers = async (): Promise<number[]> => told().catch(() => []);
  await until('all came', async () => (await numbers()).length >= watchedTold + allTold, 120_000);
  const came = await told();
  const upTo = (count: number, from = 0): number[] => Array.from({ length: count }, (_, at) => from + at + 1);
  assert.deepEqual(
    came.filter((number) => number <= unended),
    upTo(watchedTold),
  );
  assert.deepEqual(
    came.filter((number) => number > unended),
    upTo(allTold, unended),
  );
  const pictures = async (): Promise<number> =>
    (await db.selectFrom('watch_pictures').select('asset_id').execute()).length;
  await until('their pictures too', async () => (await pictures()) === watchedTold + allTold, 120_000);
  assert.equal(delivery.standing.lostPictures, 0);

  // It is watched again by itself; the time between is told as not watched.
  const again = await next();
  await again.onState?.({ state: 'live', since: Date.now() });
  await again.onAlert?.(alertOf(watchedTold + 1), { jpeg: picture, width: 64, height: 48 });
  await until('and tells', async () => (await told()).includes(watchedTold + 1), 30_000);
  const hours = await coverageOf(db, cameraId, began, ended);
  const unwatched = hours.reduce((sum, hour) => sum + hour.unwatched, 0);
  const away = (ended.getTime() - began.getTime()) / 1000;
  assert.ok(unwatched > away - 15 && unwatched < away + 1, `${unwatched} s of ${away} not watched`);
  delivery.end();
  await delivery.over;
});
