import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { watchCamera } from '../../../src/uses/watch/live.ts';
import { ffmpeg } from '../../media-clips.ts';
import { needs, pedestrianClip } from '../../needs.ts';
import { openHouse } from '../../platform/attack/house.ts';
import { until } from '../../platform/service-parts.ts';
import { testCache } from '../../redaction/program.ts';
import { addCamera } from '../edge-house.ts';
import { serveJpegs } from '../jpeg-camera.ts';
import { person, runServices } from './desk.ts';

process.env['TIDEWAITER_CACHE'] = testCache;
const allWeek = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** A site that is open at all hours, where people walk about. */
const open = `site: Pier
timeZone: UTC
calendar:
  open: { ${allWeek.map((day) => `${day}: ['00:00-24:00']`).join(', ')} }
cameras:
  - id: gate
    zones:
      - { id: all, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }
    rules:
      - { id: anybody, kind: zone-entry, zone: all }
`;

test('arming by hand, ending it and other hours take hold in the camera that runs', async (t) => {
  if (!needs(t, 'opencv-doc', 'ffmpeg')) return;
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-arming-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  ffmpeg('-i', pedestrianClip, '-frames:v', '210', '-q:v', '3', join(folder, '%05d.jpg'));
  const names = readdirSync(folder).sort();
  const pictures = names.map((name) => readFileSync(join(folder, name)));
  const camera = await serveJpegs([...pictures, ...pictures.toReversed()], 7);
  after(() => camera.close());
  const house = await openHouse();
  const { db } = house.platform;
  const supervisor = await person(house, 'supervisor');
  const put = async (text: string, etag = ''): Promise<void> => {
    const { status } = await supervisor.call('PUT', '/watch/sites/pier', { text }, { 'if-match': etag });
    assert.equal(status, 200);
  };
  await put(open);
  runServices(house, watchCamera);
  const gate = await addCamera(supervisor, 'gate', camera.url);
  const alerts = async () =>
    db.selectFrom('watch_alerts').select(['at', 'suppressed', 'alert']).orderBy('at').execute();
  const shownSince = (from: number) => async (): Promise<boolean> =>
    (await alerts()).some(({ at, suppressed }) => suppressed === null && at.getTime() >= from);
  const hiddenSince = (from: number) => async (): Promise<boolean> =>
    (await alerts()).some(({ at, suppressed }) => suppressed === 'site open' && at.getTime() >= from);

  await until('people are seen while the site is open', hiddenSince(0), 120_000);
  assert.ok(!(await shownSince(0)()), 'and nobody is told');
  const began = Date.now();
  const armed = await supervisor.call('POST', '/watch/sites/pier/overrides', {
    ...{ camera: gate, state: 'armed', reason: 'somebody at the fence' },
    until: new Date(began + 600_000).toISOString(),
  });
  assert.equal(armed.status, 201);
  await until('who is there when it is armed is told', shownSince(began), 60_000);
  const [first] = (await alerts()).filter(({ suppressed }) => suppressed === null);
  const { schedule } = first!.alert.reason;
  assert.deepEqual([schedule.why, schedule.detail], ['armed by hand', 'somebody at the fence']);
  t.diagnostic(`told after ${(first!.at.getTime() - began) / 1000} s`);

  const ended = await supervisor.call('POST', `/watch/overrides/${String(armed.body['id'])}/end`);
  assert.equal(ended.status, 200);
  await until('the site is open again', hiddenSince(Date.now() + 2500), 120_000);
  const closes = Date.now();
  const { etag } = await supervisor.call('GET', '/watch/sites/pier');
  await put(open.replace(/open: .*/, 'open: {}'), etag);
  await until('other hours count', shownSince(closes), 60_000);

  const runs = await db.selectFrom('watch_runs').select('generation').execute();
  assert.equal(runs.length, 1, 'it was one run all the while');
  const to = new Date();
  const spans = db.selectFrom('watch_spans').select('id');
  await until('it is written how far it saw', async () => {
    return (await spans.where('until', '>=', to).execute()).length > 0;
  });
  const path = `/watch/cameras/${gate}/coverage?from=${new Date(began).toISOString()}&to=${to.toISOString()}`;
  const { body } = await supervisor.call('GET', path);
  const hours = body['hours'] as unknown as Record<'blind' | 'unwatched', number>[];
  assert.ok(hours.length > 0);
  for (const { blind, unwatched } of hours) assert.deepEqual([blind, unwatched], [0, 0]);
});
