import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { canServe, startRtspServer } from '../../material/rtsp/server.ts';
import { ffmpeg } from '../media-clips.ts';
import { needs, pedestrianClip } from '../needs.ts';
import { until } from '../platform/service-parts.ts';
import { assertGone, descendants } from '../redaction/program.ts';
import { addCamera, openEdgeHouse } from './edge-house.ts';

const siteText = `site: Pier
timeZone: UTC
cameras:
  - id: gate
    zones:
      - { id: all, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }
    rules:
      - { id: anybody, kind: zone-entry, zone: all, severity: high }
`;

test('beside a camera, over a link that goes: what was seen comes when it is back, in order, each once, with its picture', async (t) => {
  if (!needs(t, 'gstreamer', 'opencv-doc', 'ffmpeg')) return;
  assert.ok(canServe);
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-edge-'));
  const frames = join(folder, '%05d.jpg');
  mkdirSync(folder, { recursive: true });
  ffmpeg('-i', pedestrianClip, '-frames:v', '120', '-q:v', '3', frames);
  const camera = await startRtspServer({ mounts: { '/gate': { width: 768, height: 576, fps: 7, frames } } });
  const house = await openEdgeHouse(siteText);
  after(async () => {
    await house.close();

    await camera.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const { platform, link, supervisor } = house;
  const { db } = platform;
  const spool = join(folder, 'spool');
  const id = await addCamera(supervisor, 'gate', camera.url('/gate'));
  const edge = house.startEdge('--spool', spool, '--link-rate', '500');
  const alerts = () =>
    db.selectFrom('watch_alerts').selectAll().where('camera_id', '=', id).orderBy('created_at').execute();
  const spooled = (): string[] =>
    readdirSync(join(spool, 'watch', 'spool'))
      .filter((name) => name.endsWith('.reports'))
      .flatMap((name) =>
        readFileSync(join(spool, 'watch', 'spool', name), 'utf8')
          .split('\n')
          .slice(0, -1),
      )
      .map((line) => JSON.parse(line) as { kind: string; alert?: { id: string } })
      .flatMap(({ kind, alert }) => (kind === 'alert' ? [alert!.id] : []));
  await until('alerts come', async () => (await alerts()).length > 0, 60_000);

  link.cut();
  await until('alerts wait on the disk', () => spooled().length > 0, 20_000);
  await sleep(20_000);
  const waiting = spooled();
  const before = (await alerts()).map(({ alert }) => alert.id);
  assert.ok(
    waiting.some((one) => !before.includes(one)),
    'some of them the platform has not',
  );
  assert.match(edge.printed(), /"link":"away"/);

  link.restore();
  await until(
    'all came',
    async () => {
      const ids = new Set((await alerts()).map(({ alert }) => alert.id));
      return waiting.every((one) => ids.has(one));
    },
    60_000,
  );

  const runs = async () =>
    db.selectFrom('watch_runs').selectAll().where('camera_id', '=', id).orderBy('generation').execute();
  await until('it is watched again', async () => (await runs()).length === 2, 60_000);
  await until(
    'with its alerts',
    async () => (await alerts()).some(({ at }) => at > new Date(Date.now() - 5000)),
    60_000,
  );
  await until(
    'all pictures came',
    async () => (await alerts()).every(({ snapshot }) => snapshot !== null),
    60_000,
  );

  // Alerts are numbered from 1 in each run: none is missing, none came twice, and they came in their order.
  const numbers = (await alerts()).map(({ alert }) => Number(alert.id.split('-').at(-1)));
  const second = numbers.lastIndexOf(1);
  assert.ok(second > 0, numbers.join(' '));
  for (const run of [numbers.slice(0, second), numbers.slice(second)])
    assert.deepEqual(
      run,
      run.map((_, at) => at + 1),
    );
  const states = await db.selectFrom('watch_spans').selectAll().where('camera_id', '=', id).execute();
  const gap = (await runs()).at(-1)!.started_at;
  assert.ok(
    states.some(({ seeing, until: end }) => seeing && end < gap),
    'the time before the link went is in the coverage',
  );

  const below = descendants(edge.process.pid!);
  assert.ok(below.length > 0);
  assert.equal(await edge.stop(), 143);
  await assertGone(below);
});
