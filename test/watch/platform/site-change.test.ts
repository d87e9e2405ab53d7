import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import { watchCamera } from '../../../src/uses/watch/live.ts';
import { openHouse } from '../../platform/attack/house.ts';
import { until } from '../../platform/service-parts.ts';
import { descendants, testCache } from '../../redaction/program.ts';
import { addCamera, changeCamera } from '../edge-house.ts';
import { serveJpegs, type JpegCameras } from '../jpeg-camera.ts';
import { person, runServices } from './desk.ts';

process.env['TIDEWAITER_CACHE'] = testCache;

/** A site file with cameras of these ids, each with the left edge of its zone. */
function siteOf(cameras: Record<string, number>): string {
  const entries = Object.entries(cameras).map(
    ([id, left]) => `  - id: ${id}
    zones:
      - { id: all, polygon: [[${left}, 0], [1, 0], [1, 1], [${left}, 1]] }
    rules:
      - { id: anybody, kind: zone-entry, zone: all }
`,
  );
  return `site: Pier\ntimeZone: UTC\ncameras:\n${entries.join('')}`;
}

describe('a site whose cameras are watched', () => {
  let cameras: JpegCameras;
  before(async () => {
    cameras = await serveJpegs(await wall(), 10);
  });
  after(() => cameras.close());

  test('goes on watching the others without a gap when a camera is added, changed or renamed, and all of them when hours are', async () => {
    const house = await openHouse();
    const { db } = house.platform;
    const supervisor = await person(house, 'supervisor');
    const { url } = cameras;
    const watched = (id: string) =>
      db
        .selectFrom('services')
        .innerJoin('watch_cameras', 'service_id', 'services.id')
        .select(['owner', 'services.generation', 'started_at', 'watch_cameras.state'])
        .where('watch_cameras.id', '=', id)
        .executeTakeFirstOrThrow();
    const begun = (id: string, generation: number) =>
      until(
        `run ${generation} sees`,
        async () => {
          const now = await watched(id);
          return now.generation >= generation && now.state === 'seeing';
        },
        120_000,
      );
    const put = async (text: string): Promise<void> => {
      const { etag } = await supervisor.call('GET', '/watch/sites/pier');
      const { status } = await supervisor.call('PUT', '/watch/sites/pier', { text }, { 'if-match': etag });
      assert.equal(status, 200);
    };

    await supervisor.call('PUT', '/watch/sites/pier', { text: siteOf({ gate: 0, yard: 0 }) });
    runServices(house, watchCamera);
    const gate = await addCamera(supervisor, 'gate', url);
    await begun(gate, 1);
    const workers = cameraWorkers();
    const yard = await addCamera(supervisor, 'yard', url);
    await begun(yard, 1);
    const [from, first] = [new Date(), await watched(gate)];

    await put(siteOf({ quay: 0, yard: 0, gate: 0 }));
    const quay = await addCamera(supervisor, 'quay', url);
    await begun(quay, 1);
    await put(siteOf({ quay: 0, yard: 0.5, gate: 0 }));
    await begun(yard, 2);
    await changeCamera(supervisor, quay, { recording: { preRoll: 1, postRoll: 1 } });
    await begun(quay, 2);
    await changeCamera(supervisor, gate, { name: 'The gate' });
    // The next round of the runner would have ended it: the one after it begins something.
    await put(siteOf({ quay: 0, yard: 0.7, gate: 0 }));
    await begun(yard, 3);
    await put(siteOf({ quay: 0, yard: 0.7, gate: 0 }).replace('UTC', 'Europe/London'));

    assert.deepEqual(await watched(gate), first, 'the same lease of the same process');
    assert.deepEqual(await watched(quay).then(({ generation }) => generation), 2);
    const still = cameraWorkers();
    assert.ok(workers.length > 0 && workers.every((pid) => still.includes(pid)), 'and the same worker');
    const runs = await db.selectFrom('watch_runs').select('id').where('camera_id', '=', gate).execute();
    assert.equal(runs.length, 1);
    const to = new Date();
    const spans = db.selectFrom('watch_spans').select('id').where('camera_id', '=', gate);
    await until('it is written how far it saw', async () => {
      return (await spans.where('until', '>=', to).execute()).length > 0;
    });
    const path = `/watch/cameras/${gate}/coverage?from=${from.toISOString()}&to=${to.toISOString()}`;
    const { body } = await supervisor.call('GET', path);
    const hours = body['hours'] as unknown as Record<'seeing' | 'blind' | 'unwatched', number>[];
    assert.ok(hours.length > 0);
    for (const { blind, unwatched } of hours) assert.deepEqual([blind, unwatched], [0, 0]);
  });
});

/** Processes below this one that look at cameras. */
function cameraWorkers(): number[] {
  return descendants(process.pid).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('live-worker');
    } catch {
      return false;
    }
  });
}

/** A wall of squares, with a sensor's noise: a picture that stands still is taken for frozen. */
async function wall(): Promise<Buffer[]> {
  const [width, height] = [320, 240];
  return Promise.all(
    Array.from({ length: 20 }, (_, n) => {
      const levels = Uint8Array.from({ length: width * height }, (__, at) => {
        const square = Math.floor((at % width) / 32) + Math.floor(at / width / 32);
        return (square % 2 === 0 ? 90 : 160) + ((at * 7 + n * 13) % 5);
      });
      return sharp(levels, { raw: { width, height, channels: 1 } })
        .jpeg({ quality: 95 })
        .toBuffer();
    }),
  );
}
