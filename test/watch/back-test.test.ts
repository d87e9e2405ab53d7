import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evaluationPermit } from '../../src/core/permit.ts';
import type { Alert } from '../../src/uses/watch/alert.ts';
import { pair } from '../../src/uses/watch/back-test/compare.ts';
import { TrackRecorder, unpack, type TrackBatch } from '../../src/uses/watch/back-test/track-batch.ts';
import { TrackReplay } from '../../src/uses/watch/back-test/track-replay.ts';
import { CameraWatch } from '../../src/uses/watch/camera-watch.ts';
import { startEngine } from '../../src/uses/watch/engine.ts';
import { deliver, type RunOf } from '../../src/uses/watch/platform/ingest.ts';
import { parseSite } from '../../src/uses/watch/site/read.ts';
import { openVideo } from '../../src/media/video/index.ts';
import { needs, pedestrianClip } from '../needs.ts';
import { openHouse } from '../platform/attack/house.ts';
import { testCache } from '../redaction/program.ts';
import { addGate, person, runServices, ScriptedCamera } from './platform/desk.ts';

const fileOf = (right: number, when = 'closed'): string => `site: Port
timeZone: America/Chicago
cameras:
  - id: gate
    zones:
      - { id: dock, polygon: [[0.2, 0.3], [${right}, 0.3], [${right}, 1], [0.2, 1]] }
    rules:
      - { id: dock-entry, kind: zone-entry, zone: dock, when: ${when} }
      - { id: stay, kind: dwell, zone: dock, seconds: 3.9 }
      - { id: blind, kind: tamper }
`;
const start = Date.UTC(2026, 10, 20, 6);
const frames = 36;

/** Watches the beginning of the clip as a camera does. */
async function watched(): Promise<{ alerts: Alert[]; batches: TrackBatch[] }> {
  const site = parseSite(fileOf(0.7), 'port.yaml');
  const engine = await startEngine({ permit: evaluationPermit, cacheDir: testCache, threads: 2 });
  const alerts: Alert[] = [];
  const batches: (TrackBatch | undefined)[] = [];
  try {
    const reader = await openVideo(pedestrianClip);
    const { width, height } = reader.info.size;
    const picture = { width, height };
    const { detector } = engine;
    const watch = new CameraWatch({
      ...{ camera: site.cameras[0]!, calendar: site.calendar, picture, detector, budget: 10 },
    });
    const recorder = new TrackRecorder(1, picture);
    for await (const frame of reader.frames({ threads: 1 })) {
      if (frame.index >= frames) break;
      const time = frame.index / 7;
      const at = Math.round(start + time * 1000);
      const looked = await watch.look({ source: frame, time, at, captured: 0, decoded: 0, now: () => 0 });
      alerts.push(...looked.alerts);
      batches.push(recorder.add(looked.seen, time, at));
    }
    batches.push(recorder.end());
  } finally {
    await engine.close();
  }
  return { alerts, batches: batches.filter((batch) => batch !== undefined) };
}

test('alerts are paired one to one, those of one track first', () => {
  const told = (track: string, at: number) => ({ camera: 'a', rule: 'r', run: '1', track, at });
  const { same, gone, fresh } = pair(
    [told('x', 0), told('y', 1000), told('z', 90_000)],
    [told('x', 30_000), told('q', 900), told('q', 1100)],
  );
  assert.deepEqual(
    same.map(({ before, after }) => [before.track, after.at]),
    [
      ['x', 30_000],
      ['y', 900],
    ],
  );
  assert.deepEqual([gone.map(({ track }) => track), fresh.map(({ at }) => at)], [['z'], [1100]]);
});

describe('back-test on a clip of people', async () => {
  const house = await openHouse();
  const { db } = house.platform;
  const supervisor = await person(house, 'supervisor');
  const camera = new ScriptedCamera();
  runServices(house, camera.run);
  const cameraId = await addGate(supervisor);
  await camera.begun();

  test('the same rules tell the same; others tell what is new and gone, and how that was decided', async (t) => {
    if (!needs(t, 'opencv-doc')) return;
    const { alerts, batches } = await watched();
    const site = parseSite(fileOf(0.7), 'port.yaml');
    assert.ok(alerts.length >= 3, `${alerts.length} alerts`);
    const replay = new TrackReplay(site.cameras[0]!, site.calendar, batches[0]!.picture);
    const again = batches.flatMap(unpack).flatMap((look) => replay.look(look));
    const key = (one: Alert): unknown[] => [
      one.reason.rule.id,
      one.track,
      one.at,
      one.suppressed,
      one.incident,
    ];
    assert.deepEqual(again.map(key), alerts.map(key));
    const bytes = batches.reduce((sum, { packed }) => sum + (packed.length * 3) / 4, 0);
    const minutes = frames / 7 / 60;
    t.diagnostic(`${Math.round(bytes / minutes / 1000)} kB a minute, ${alerts.length} alerts`);
    assert.ok(bytes / minutes < 30_000);

    const row = await db.selectFrom('watch_runs').selectAll().executeTakeFirstOrThrow();
    const run: RunOf = { id: row.id, cameraId, siteId: 'pier', generation: row.generation, models: [] };
    let seq = 1000;
    for (const batch of batches) await deliver(db, run, { kind: 'tracks', batch, seq: ++seq });
    for (const alert of alerts) await deliver(db, run, { kind: 'alert', alert, test: false, seq: ++seq });
    const shown = alerts.filter(({ suppressed }) => suppressed === undefined);
    const ask = async (text: string): Promise<Record<string, never>> => {
      const [from, to] = [new Date(start).toISOString(), new Date(start + 60_000).toISOString()];
      const { status, body } = await supervisor.call('POST', '/watch/sites/pier/back-test', {
        text,
        from,
        to,
      });
      assert.equal(status, 200, JSON.stringify(body));
      return body;
    };
    const asIs = await ask(fileOf(0.7));
    assert.deepEqual([asIs['same'], asIs['withoutTracks']], [shown.length, 0]);
    assert.deepEqual([asIs['goneAlerts'], asIs['newAlerts']], [[], []]);
    assert.deepEqual(asIs['notTestable'], [{ camera: cameraId, rule: 'blind', kind: 'tamper' }]);

    const [first] = await db.selectFrom('watch_incidents').select('id').orderBy('started_at').execute();
    const path = `/watch/incidents/${first!.id}`;
    const dismiss = { step: 'dismiss', reason: 'authorised' };
    // The clock escalates what is as old as this, and may be faster once.
    for (let tries = 0, status = 0; status !== 200; tries++) {
      assert.ok(tries < 2, String(status));
      const { etag } = await supervisor.call('GET', path);
      ({ status } = await supervisor.call('POST', `${path}/steps`, dismiss, { 'if-match': etag }));
    }
    const none = await ask(fileOf(0.7).replaceAll('[0.2,', '[0.69,'));
    const gone = none['gone'] as unknown as Record<'confirmed' | 'dismissed' | 'undecided', number>;
    assert.ok(gone.dismissed >= 1);
    assert.equal(gone.confirmed, 0);
    assert.equal(gone.dismissed + gone.undecided + Number(none['same']), shown.length);
    const wide = await ask(fileOf(1));
    const fresh: unknown = wide['newAlerts'];
    assert.ok(Array.isArray(fresh) && fresh.length >= 1);
    const { status } = await supervisor.call('POST', '/watch/sites/pier/back-test', {
      ...{ text: 'site: x', from: new Date(start).toISOString(), to: new Date(start + 1).toISOString() },
    });
    assert.equal(status, 422);
  });
});
