import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { canServe, startRtspServer, type RtspServer, type RtspSettings } from '../test/live/rtsp-server.ts';
import { sharedData } from '../test/needs.ts';
import { descendants } from '../test/redaction/program.ts';
import { addCamera, changeCamera, openEdgeHouse, type EdgeHouse } from '../test/watch/edge-house.ts';
import { conditions } from '../test/watch/scenes/conditions.ts';
import { clipRate, readMaterial } from '../test/watch/scenes/people.ts';
import { playScene, secondsOf } from '../test/watch/scenes/scene.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { residentOf } from './lib/process-cpu.ts';
import { printTable, verdict } from './lib/table.ts';

const slots = ['gate', 'yard', 'dock', 'lane'] as const;
type Slot = (typeof slots)[number];
const size = { width: 480, height: 360 };

/**
 * Four cameras in `tidewaiter worker --cameras` for half an hour, in each of which the same person comes in again and again,
 * while cameras and database fail: memory, alerts that should have come, processes left over.
 */
export const bench: Bench = {
  title: 'Watch: soak with faults',
  run: async (context) => {
    const { print } = context;
    if (!canServe || !existsSync(sharedData)) {
      print('Not measured: the RTSP stand-in needs GStreamer, and the people the annotated clip.');
      print('');
      return;
    }
    const frames = join(context.folder, '%05d.jpg');
    const period = await makeLoop(frames);
    const rule = `
    zones:
      - { id: all, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }
    rules:
      - { id: anybody, kind: zone-entry, zone: all, severity: high, coolDown: 0 }`;
    const site = `site: Pier\ntimeZone: UTC\ncameras:${slots.map((slot) => `\n  - id: ${slot}${rule}`).join('')}\n`;
    const house = await openEdgeHouse(site);
    const soak = new Soak(house, frames);
    try {
      await soak.run(context, period);
    } finally {
      await soak.stop();
      await house.close();
    }
  },
};

/** Pictures of one person who comes in, and a pause before and after. @returns seconds of a loop. */
async function makeLoop(frames: string): Promise<number> {
  const material = await readMaterial(size, [0, 300]);
  // The person who is largest in the picture: what is lost here is not lost because of distance.
  const height = (walk: (typeof material.walks)[number]): number => walk[walk.length >> 1]?.truth.height ?? 0;
  const [walk] = material.walks.toSorted((a, b) => height(b) - height(a));
  const condition = conditions[0];
  if (walk === undefined || condition === undefined) throw new Error('the annotated clip has nobody');
  const seconds = secondsOf([walk]);
  let number = 0;
  const plain = { ...condition, start: () => () => undefined };
  for (const { source } of playScene(material, plain, 1, seconds, [walk])) {
    const data = new Uint8Array(size.width * size.height * 3);
    source.readRgb({ x: 0, y: 0, ...size }, size.width, size.height, data);
    const raw = { ...size, channels: 3 } as const;
    await sharp(data, { raw })
      .jpeg({ quality: 92 })
      .toFile(frames.replace('%05d', String(++number).padStart(5, '0')));
  }
  return number / clipRate;
}

class Soak {
  readonly #house: EdgeHouse;
  readonly #frames: string;
  readonly #servers = new Map<Slot, RtspServer>();

  constructor(house: EdgeHouse, frames: string) {
    this.#house = house;
    this.#frames = frames;
  }

  async run({ short, folder, print }: BenchContext, period: number): Promise<void> {
    const { supervisor, link } = this.#house;
    const ids = new Map<Slot, string>();
    for (const slot of slots) {
      const server = await this.#serve(slot, {});
      ids.set(slot, await addCamera(supervisor, slot, server.url('/camera')));
    }
    mkdirSync(join(folder, 'spool'));
    const edge = this.#house.startEdge('--spool', join(folder, 'spool'));
    const total = (short ? 180 : 1800) * 1000;
    const began = Date.now();
    const memory: { readonly at: number; readonly bytes: number }[] = [];
    const ending = new AbortController();
    const watching = this.#watchMemory(edge.process.pid ?? 0, memory, ending.signal);
    const done: string[] = [];
    const part = total / 8;
    const fault = async (index: number, name: string, work: () => Promise<void>): Promise<void> => {
      await sleep(Math.max(0, began + part * index - Date.now()));
      await work();
      done.push(name);
    };
    const pause = short ? 4000 : 10_000;
    await fault(1, 'a camera killed', () => this.#away('gate', pause));
    await fault(2, 'a camera frozen', async () => {
      this.#servers.get('yard')?.freeze();
      await sleep(pause);
      this.#servers.get('yard')?.thaw();
    });
    await fault(3, 'garbage on its port', () => this.#garbage('dock', pause));
    await fault(4, 'its password changed', async () => {
      await this.#away('lane', 1000, { user: 'guard', password: 'tide' });
      await sleep(pause);
      const credentials = { user: 'guard', password: 'tide' };
      await changeCamera(supervisor, ids.get('lane') ?? '', { credentials });
    });
    await fault(5, 'its resolution switched', () =>
      this.#away('gate', 1000, {}, { width: 320, height: 240 }),
    );
    await fault(6, 'the database away for 20 s', async () => {
      link.cut();
      await sleep(20_000);
      link.restore();
    });
    await sleep(Math.max(0, began + total - Date.now()));
    const below = descendants(edge.process.pid ?? 0);
    ending.abort();
    await watching;
    const code = await edge.stop();
    const left = below.filter((pid) => residentOf(pid) > 0);
    const { expected, told, missing } = await this.#count(period);
    const growth = slopeOf(memory.filter(({ at }) => at - began > (short ? 60_000 : 300_000)));
    printTable(
      print,
      ['measure', 'limit', 'measured', 'kept'],
      [
        ['faults injected', 6, `${done.length}: ${done.join(', ')}`, verdict(done.length === 6)],
        [
          'entries that were seen without an alert (each loop while a camera saw)',
          0,
          `${expected - told} of ${expected}`,
          verdict(told >= expected),
        ],
        ['alerts lost between camera and database', 0, missing, verdict(missing === 0)],
        [
          'memory after the first minutes, MB an hour (95 %)',
          'not above 0',
          growth.text,
          verdict(growth.low <= 0),
        ],
        ['processes left over (exit code 143)', 0, `${left.length} (${code})`, verdict(left.length === 0)],
      ],
    );
  }

  async stop(): Promise<void> {
    for (const server of this.#servers.values()) await server.stop();
  }

  async #serve(slot: Slot, more: Partial<RtspSettings>, picture = size): Promise<RtspServer> {
    const mount = { ...picture, fps: clipRate, frames: this.#frames };
    const server = await startRtspServer({ mounts: { '/camera': mount }, ...more });
    this.#servers.set(slot, server);
    return server;
  }

  async #away(slot: Slot, ms: number, more: Partial<RtspSettings> = {}, picture = size): Promise<void> {
    const server = this.#servers.get(slot);
    await server?.stop();
    await sleep(ms);
    await this.#serve(slot, { ...more, port: server?.port ?? 0 }, picture);
  }

  async #garbage(slot: Slot, ms: number): Promise<void> {
    const server = this.#servers.get(slot);
    await server?.stop();
    const noise = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(Buffer.alloc(4096, 0xa7));
    }).listen(server?.port, '127.0.0.1');
    await once(noise, 'listening');
    await sleep(ms);
    noise.close();
    await this.#serve(slot, { port: server?.port ?? 0 });
  }

  async #watchMemory(
    pid: number,
    memory: { at: number; bytes: number }[],
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted) {
      const bytes = [pid, ...descendants(pid)].reduce((sum, one) => sum + residentOf(one), 0);
      memory.push({ at: Date.now(), bytes });
      await sleep(2000, undefined, { signal }).catch(() => undefined);
    }
  }

  /**
   * Entries that should have been told: one in each whole loop of a time in which a camera saw, but the first, in which it
   * learns. Alerts of a run are numbered, so one that was lost on its way leaves a gap.
   */
  async #count(period: number): Promise<{ expected: number; told: number; missing: number }> {
    const { db } = this.#house.platform;
    const alerts = await db
      .selectFrom('watch_alerts')
      .select(['camera_id', 'at', 'alert'])
      .orderBy('created_at')
      .execute();
    const spans = await db.selectFrom('watch_spans').selectAll().where('seeing', '=', true).execute();
    let [expected, told] = [0, 0];
    for (const { camera_id, started_at, until } of spans)
      for (
        let from = started_at.getTime() + period * 1000;
        from + period * 1000 <= until.getTime();
        from += period * 1000
      ) {
        expected++;
        const within = alerts.some(
          ({ camera_id: of, at }) =>
            of === camera_id && at.getTime() >= from && at.getTime() < from + period * 1000,
        );
        if (within) told++;
      }
    let [missing, last] = [0, new Map<string, number>()];
    for (const { camera_id, alert } of alerts) {
      const number = Number(alert.id.split('-').at(-1));
      // A run begins with 1.
      if (number > 1) missing += Math.max(0, number - (last.get(camera_id) ?? 0) - 1);
      last = last.set(camera_id, number);
    }
    return { expected, told, missing };
  }
}

/** Least squares through points in time, with the interval of their slope as if they were independent. */
function slopeOf(points: readonly { readonly at: number; readonly bytes: number }[]): {
  readonly low: number;
  readonly text: string;
} {
  const n = points.length;
  const hours = points.map(({ at }) => at / 3_600_000);
  const megabytes = points.map(({ bytes }) => bytes / 1e6);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / n;
  const [x0, y0] = [mean(hours), mean(megabytes)];
  const spread = hours.reduce((sum, x) => sum + (x - x0) ** 2, 0);
  const slope = hours.reduce((sum, x, at) => sum + (x - x0) * (megabytes[at]! - y0), 0) / spread;
  const rest = hours.reduce((sum, x, at) => sum + (megabytes[at]! - y0 - slope * (x - x0)) ** 2, 0);
  const half = 1.96 * Math.sqrt(rest / Math.max(1, n - 2) / spread);
  const low = slope - half;
  return {
    low,
    text: `${slope.toFixed(0)} (${low.toFixed(0)} to ${(slope + half).toFixed(0)}), from ${y0.toFixed(0)} MB`,
  };
}
