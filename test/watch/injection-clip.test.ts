import assert from 'node:assert/strict';
import { createReadStream, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { injectionFolder } from '../../src/uses/watch/injection/run.ts';
import { ffmpeg } from '../media-clips.ts';
import { needs, pedestrianClip } from '../needs.ts';
import { openHouse } from '../platform/attack/house.ts';
import { until } from '../platform/attack/redactions.ts';
import { keepClip, runWithClips } from './injection-house.ts';
import { person, ScriptedCamera } from './platform/desk.ts';

const siteText = `site: Port
timeZone: UTC
cameras:
  - id: gate
    zones:
      - { id: all, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }
    rules:
      - { id: anybody, kind: zone-entry, zone: all, severity: high }
`;

test('a film is played beside a camera through detector and rules, with pictures and clips as the camera gives them', async (t) => {
  if (!needs(t, 'opencv-doc', 'ffmpeg')) return;
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-watch-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const film = join(folder, 'known.mp4');
  ffmpeg('-i', pedestrianClip, '-frames:v', '60', '-an', film);
  const house = await openHouse();
  const { db } = house.platform;
  const supervisor = await person(house, 'supervisor');
  const camera = new ScriptedCamera();
  runWithClips(house, camera.run);
  await supervisor.call('PUT', '/watch/sites/pier', { text: siteText });
  const added = await supervisor.call('POST', '/watch/cameras', {
    ...{ site: 'pier', slot: 'gate', name: 'Gate', source: { url: 'rtsp://127.0.0.1:9/gate' } },
  });
  const { handlers } = await camera.begun();
  await handlers.onState?.({ state: 'live', since: Date.now() });
  const clip = await keepClip(house, 'pier', supervisor.id, createReadStream(film));
  await supervisor.call('POST', '/watch/sites/pier/injection-plans', {
    ...{ camera: added.body['id'], clip, reason: 'a drill', expect: { rule: 'anybody', withinSeconds: 8 } },
  });
  const row = () => db.selectFrom('watch_injections').selectAll().executeTakeFirst();
  await until(async () => !['playing', undefined].includes((await row())?.state), 'it was played');
  const injection = await row();
  assert.deepEqual([injection?.state, injection?.problem], ['detected', null]);
  assert.ok(injection!.latency! > 0 && injection!.latency! <= 8, String(injection!.latency));
  assert.ok(!handlers.signal.aborted, 'the stream stays watched');
  const state = await supervisor.call('GET', `/watch/cameras/${String(added.body['id'])}`);
  assert.equal(state.body['state'], 'seeing');
  assert.deepEqual(readdirSync(injectionFolder(house.platform, 'pier')), [], 'its copy is gone');
  const kinds = async (): Promise<string[]> =>
    (await db.selectFrom('watch_recorded').select('kind').distinct().execute())
      .map(({ kind }) => kind)
      .sort();
  await until(async () => (await kinds()).length === 3, 'its recordings are kept');
  assert.deepEqual(await kinds(), ['clip', 'masked-clip', 'masked-still']);
  const alerts = await db.selectFrom('watch_alerts').select(['test', 'snapshot', 'suppressed']).execute();
  assert.ok(alerts.length > 0 && alerts.every((alert) => alert.test && alert.snapshot !== null));
});
