import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { suspend } from '../../../src/governance/permits/suspensions.ts';
import { runChild } from '../../../src/host/run-child.ts';
import type { RunCamera } from '../../../src/uses/watch/platform/camera-service.ts';
import type { ReplaySummary, ReplayTask, WorkerMessage } from '../../../src/uses/watch/tasks.ts';
import { ffmpeg } from '../../media-clips.ts';
import { needs, pedestrianClip } from '../../needs.ts';
import { openHouse } from '../../platform/attack/house.ts';
import { until } from '../../platform/attack/redactions.ts';
import { person, runServices } from './desk.ts';

const siteText = `site: Port
timeZone: UTC
cameras:
  - id: gate
    zones:
      - { id: all, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }
    rules:
      - { id: anybody, kind: zone-entry, zone: all, severity: high }
`;
const picture = { jpeg: Buffer.from('no picture'), width: 1, height: 1 };

test('a film in the place of a camera gives incidents, until the use is suspended: then it ends, and stays so', async (t) => {
  if (!needs(t, 'opencv-doc', 'ffmpeg')) return;
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-watch-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const clip = join(folder, 'clip.mp4');
  ffmpeg('-i', pedestrianClip, '-frames:v', '400', '-an', clip);
  /** The pipeline itself, in its worker, in real time. */
  const run: RunCamera = async ({ camera, calendar, engine, budget }, { signal, permit, ...handlers }) => {
    await handlers.onState?.({ state: 'live', since: Date.now() });
    const params = { input: clip, camera, calendar, engine, budget, start: Date.now(), rate: 7, every: 1 };
    await runChild<ReplayTask, ReplaySummary, WorkerMessage>({
      entry: new URL('../../../src/uses/watch/worker.ts', import.meta.url),
      params: { ...params, realTime: true, trace: false },
      ...{ signal, memoryLimitBytes: 1.5e9, stallSeconds: 60 },
      ...(permit === undefined ? {} : { permit }),
      onMessage: (message) => {
        if (message.type === 'alert') return handlers.onAlert?.(message.alert, picture);
        if (message.type === 'incident') return handlers.onIncident?.(message.incident);
        return undefined;
      },
    });
  };
  const house = await openHouse();
  const { db } = house.platform;
  const supervisor = await person(house, 'supervisor', '*');
  runServices(house, run);
  await supervisor.call('PUT', '/watch/sites/pier', { text: siteText });
  const added = await supervisor.call('POST', '/watch/cameras', {
    ...{ site: 'pier', slot: 'gate', name: 'Gate', source: { url: 'rtsp://127.0.0.1:9/gate' } },
  });
  const list = async (): Promise<unknown[]> =>
    (await supervisor.call('GET', '/watch/incidents')).body['items'] as unknown as unknown[];
  await until(async () => (await list()).length > 0, 'the first incident');
  const [alert] = await db.selectFrom('watch_alerts').select('alert').execute();
  assert.match(alert?.alert.reason.text ?? '', /person entered zone all/);

  const why = { use: 'watch', cause: 'person', reason: 'a test of the button' } as const;
  await db.transaction().execute((tx) => suspend(tx, { ...why, by: supervisor.id, now: new Date() }));
  const service = () =>
    db
      .selectFrom('services')
      .selectAll()
      .where('id', '=', String(added.body['service']))
      .executeTakeFirstOrThrow();
  await until(async () => (await service()).last_error?.code === 'E_PERMIT_SUSPENDED', 'it has ended');
  await until(async () => (await service()).failures >= 2, 'it was refused again');
  const camera = await supervisor.call('GET', `/watch/cameras/${String(added.body['id'])}`);
  assert.deepEqual([camera.body['state'], camera.body['why']], ['off', 'not watched']);
  const refused = await db.selectFrom('ledger_outbox').select('event').execute();
  assert.ok(refused.some(({ event }) => (event as { kind: string }).kind === 'governance.run-refused'));
});
