import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { ServiceRunner } from '../src/platform/services/runner.ts';
import { quantile } from '../src/stats/quantiles.ts';
import { watchCamera } from '../src/uses/watch/live.ts';
import { coverageOf } from '../src/uses/watch/platform/coverage.ts';
import { openPicture } from '../src/uses/watch/platform/pictures.ts';
import { watchServices } from '../src/uses/watch/platform/services.ts';
import { collect, readClock, readStrip } from '../test/live/collect.ts';
import { canServe, startRtspServer } from '../material/rtsp/server.ts';
import { ffmpeg } from '../test/media-clips.ts';
import { pedestrianClip } from '../test/needs.ts';
import { addCamera, changeCamera, openEdgeHouse, type EdgeHouse } from '../test/watch/edge-house.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { printTable, verdict } from './lib/table.ts';

/**
 * How late what an operator sees is, by the wall time that a camera's stand-in draws into its pixels; and how soon a camera
 * that failed is watched again, with what the coverage says of the time between.
 */
export const bench: Bench = {
  title: 'Watch: live latency, reconnect',
  run: async (context) => {
    const { print } = context;
    if (!canServe) {
      print('Not measured: the RTSP stand-in needs GStreamer.');
      print('');
      return;
    }
    await toJavaScript(context);
    const house = await openEdgeHouse(siteText);
    try {
      // The services run in the process of the server, as `tidewaiter serve` does it.
      const runner = ServiceRunner.start({
        connection: house.platform.connection,
        kinds: Object.values(watchServices(() => house.platform, watchCamera)),
        capacity: 4,
        onError: ({ message }) => print(message),
      });
      try {
        await toPaint(context, house);
        await afterFaults(context, house);
      } finally {
        await runner.stop(5);
      }
    } finally {
      await house.close();
    }
  },
};

const siteText = `site: Pier
timeZone: UTC
cameras:
  - id: gate
    zones:
      - { id: all, polygon: [[0, 0.1], [1, 0.1], [1, 1], [0, 1]] }
    rules:
      - { id: anybody, kind: zone-entry, zone: all, severity: high, coolDown: 0 }
  - id: yard
`;

/** Row of a table: median and 95 % of milliseconds beside their goals. */
function row(what: string, ms: readonly number[], goals?: readonly [number, number]): (string | number)[] {
  if (ms.length === 0) return [what, 0, '-', '-', '-', '-'];
  const [p50, p95] = [quantile(ms, 0.5), quantile(ms, 0.95)];
  const kept =
    goals === undefined
      ? ['-', '-']
      : [`<= ${goals[0]} / ${goals[1]}`, verdict(p50 <= goals[0] && p95 <= goals[1])];
  return [what, ms.length, p50.toFixed(0), p95.toFixed(0), ...kept];
}
const head = ['ms', 'n', 'median', '95 %', 'goal', 'kept'];

async function toJavaScript({ short, print }: BenchContext): Promise<void> {
  const rows = [];
  for (const [width, height, fps] of short
    ? ([[640, 360, 25]] as const)
    : ([
        [640, 360, 25],
        [1280, 720, 15],
      ] as const)) {
    const mounts = { '/clock': { width, height, fps, clock: true } } as const;
    const server = await startRtspServer({ mounts });
    const ages: number[] = [];
    await collect(
      { url: server.url('/clock') },
      () => ages.length >= (short ? 30 : 600),
      (frame) => void ages.push(Date.now() - readClock(frame)),
    );
    await server.stop();
    // The first frames of a connection come all at once.
    rows.push(row(`capture to JavaScript, ${width}x${height} at ${fps}/s`, ages.slice(5), [60, 100]));
  }
  printTable(print, head, rows);
}

/** Follows the site as a console does, and notes when what it was told stands on the screen. */
const desk = `new Promise((ready) => {
  window.painted = {};
  const events = new EventSource('/api/v1/watch/sites/pier/events');
  events.addEventListener('ready', () => ready());
  events.addEventListener('incident', ({ data }) => {
    const { incident } = JSON.parse(data);
    const line = document.createElement('h1');
    line.textContent = incident.id + ' ' + incident.lastAlertAt;
    document.body.prepend(line);
    // The second time, what was changed before the first stands on the screen.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      window.painted[line.textContent] ??= performance.timeOrigin + performance.now();
    }));
  });
})`;

async function toPaint({ short, folder, print }: BenchContext, house: EdgeHouse): Promise<void> {
  const raw = join(folder, 'people.yuv');
  const size = { width: 768, height: 576 };
  ffmpeg(
    '-i',
    pedestrianClip,
    '-frames:v',
    short ? '120' : '700',
    '-pix_fmt',
    'yuv420p',
    '-f',
    'rawvideo',
    raw,
  );
  const server = await startRtspServer({ mounts: { '/gate': { ...size, fps: 7, clock: true, raw } } });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const context = await browser.newContext({ extraHTTPHeaders: house.supervisor.headers });
    const page = await context.newPage();
    await page.goto(`${house.url}/api`);
    await page.evaluate(desk);
    const camera = await addCamera(house.supervisor, 'gate', server.url('/gate'));
    const { db } = house.platform;
    const alerts = () =>
      db
        .selectFrom('watch_alerts')
        .selectAll()
        .where('camera_id', '=', camera)
        .where('snapshot', 'is not', null);
    const wanted = short ? 3 : 100;
    for (const end = Date.now() + (short ? 90_000 : 900_000); Date.now() < end; await sleep(1000))
      if ((await alerts().where('suppressed', 'is', null).execute()).length >= wanted) break;
    await sleep(1000);
    const painted = await page.evaluate<Record<string, number>>('window.painted');
    const [whole, decoded, looked, inertia]: [number[], number[], number[], number[]] = [[], [], [], []];
    for (const { incident_id, at, snapshot, alert } of await alerts().execute()) {
      const shown = painted[`${incident_id} ${at.toISOString()}`];
      if (shown === undefined || snapshot === null) continue;
      const captured = await captureTime(house, snapshot, size.width);
      whole.push(shown - captured);
      decoded.push(at.getTime() + alert.latency.decoded - captured);
      looked.push(alert.latency.fired);
      inertia.push(alert.latency.inertia * 1000);
    }
    printTable(print, head, [
      row('capture of the frame on which the rule fires to painted alert', whole, [400, 700]),
      row('... of it, capture to decoded', decoded),
      row('... of it, arrival to the rule', looked),
      row('inertia of the rule, not counted above', inertia),
    ]);
    print(
      'One camera, 768x576 at 7/s, a minimal page that follows the events of the site; H.264 is known to be whole one frame late (143 ms here).',
    );
    print('');
    await changeCamera(house.supervisor, camera, { enabled: false });
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** The time in the pixels of the frame on which a rule fired. */
async function captureTime({ platform }: EdgeHouse, asset: string, width: number): Promise<number> {
  const { body } = await openPicture(platform, asset);
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece as Buffer);
  const strip = sharp(Buffer.concat(pieces)).extract({ left: 0, top: 0, width, height: 16 });
  return readStrip(await strip.grayscale().raw().toBuffer(), width);
}

/** How often each fault is tried: about twenty seconds each, and longer from time to time, as back-off grows with it. */
const repeats = 5;
const longestWaitMs = 60_000;

async function afterFaults(
  { short, print }: BenchContext,
  { platform, supervisor }: EdgeHouse,
): Promise<void> {
  const { db } = platform;
  const mounts = { '/yard': { width: 640, height: 360, fps: 10, pattern: 'ball' } };
  let server = await startRtspServer({ mounts });
  const camera = await addCamera(supervisor, 'yard', server.url('/yard'));
  /** Waits for a state of the camera. @returns since when. */
  const reached = async (wanted: 'seeing' | 'blind'): Promise<Date> => {
    for (const end = Date.now() + longestWaitMs; Date.now() < end; await sleep(50)) {
      const { state, since } = await db
        .selectFrom('watch_cameras')
        .select(['state', 'since'])
        .where('id', '=', camera)
        .executeTakeFirstOrThrow();
      if (state === wanted) return since ?? new Date();
    }
    throw new Error(`the camera was not ${wanted} within ${longestWaitMs / 1000} s`);
  };
  const rows = [];
  for (let run = 0; run < (short ? 1 : repeats); run++)
    for (const fault of ['killed', 'frozen'] as const) {
      await reached('seeing');
      await sleep(6000);
      const from = new Date();
      if (fault === 'killed') await server.stop();
      else server.freeze();
      await reached('blind');
      await sleep(3000 + run * 1500);
      if (fault === 'killed') server = await startRtspServer({ mounts, port: server.port });
      else server.thaw();
      const returned = Date.now();
      const live = await reached('seeing');
      const latency = (live.getTime() - returned) / 1000;
      await sleep(2500);
      const hours = await coverageOf(db, camera, from, live);
      const told = hours.reduce((sum, hour) => sum + hour.blind + hour.unwatched, 0);
      const lasted = (live.getTime() - from.getTime()) / 1000;
      rows.push([
        fault,
        lasted.toFixed(2),
        told.toFixed(2),
        verdict(Math.abs(told - lasted) <= 1),
        latency.toFixed(2),
        verdict(latency <= 5),
      ]);
    }
  await server.stop();
  printTable(
    print,
    [
      'camera',
      'blind, s',
      'blind in the coverage, s',
      'right to 1 s',
      'live again after it was back, s',
      '<= 5',
    ],
    rows,
  );
  print(`n = ${rows.length} faults, ${rows.length / 2} of each kind.`);
  print('');
}
