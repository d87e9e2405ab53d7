import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentOf } from '../../bench/lib/process-cpu.ts';
import { startRtspServer, type RtspServer, type RtspSettings } from '../../material/rtsp/server.ts';
import { until } from '../platform/service-parts.ts';
import { descendants } from '../redaction/program.ts';
import { addCamera, changeCamera, openEdgeHouse, type EdgeHouse } from './edge-house.ts';
import { clipRate } from './scenes/people.ts';
import { entriesOf, joined } from './soak-entries.ts';
import { loopSize, writeLoop } from './soak-loop.ts';

const slots = ['gate', 'yard', 'dock', 'lane'] as const;
type Slot = (typeof slots)[number];

/** Four workers load their models at once. */
const longestStartMs = 240_000;

/** Resident bytes of the worker and all below it, at a time in milliseconds since the soak began. */
export interface MemoryPoint {
  readonly at: number;
  readonly bytes: number;
}

export interface SoakPlan {
  /** An empty folder. */
  readonly folder: string;
  /** From when each camera has told of somebody. */
  readonly seconds: number;
  /** How long a camera's fault lasts. */
  readonly faultSeconds: number;
}

export interface SoakResult {
  /** What was injected, in words. */
  readonly faults: readonly string[];
  /** Alerts that came, by camera. */
  readonly alerts: Readonly<Record<Slot, number>>;
  /** Entries while a camera saw well: told, and not. */
  readonly told: number;
  readonly missed: number;
  /** Alerts that the worker raised and the database does not have. */
  readonly lost: number;
  readonly memory: readonly MemoryPoint[];
  /** Processes below the worker that outlived it, and its exit code. */
  readonly left: readonly number[];
  readonly exitCode: number | null;
}

/**
 * Four cameras in `tidewaiter worker --cameras`, in each of which the same person comes in again and again, while cameras and
 * database fail. Needs GStreamer, opencv-doc and the shared data.
 */
export async function soak(plan: SoakPlan): Promise<SoakResult> {
  const frames = join(plan.folder, '%05d.jpg');
  const period = await writeLoop(frames);
  const rule = `
    zones:
      - { id: all, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }
    rules:
      - { id: anybody, kind: zone-entry, zone: all, severity: high, coolDown: 0 }`;
  const site = `site: Pier\ntimeZone: UTC\ncameras:${slots.map((slot) => `\n  - id: ${slot}${rule}`).join('')}\n`;
  const house = await openEdgeHouse(site);
  const soaked = new Soak(house, frames);
  try {
    return await soaked.run(plan, period * 1000);
  } finally {
    await soaked.stop();
    await house.close();
  }
}

class Soak {
  readonly #house: EdgeHouse;
  readonly #frames: string;
  readonly #servers = new Map<Slot, RtspServer>();
  readonly #ids = new Map<string, Slot>();

  constructor(house: EdgeHouse, frames: string) {
    this.#house = house;
    this.#frames = frames;
  }

  async run({ folder, seconds, faultSeconds }: SoakPlan, period: number): Promise<SoakResult> {
    for (const slot of slots) {
      const server = await this.#serve(slot, {});
      this.#ids.set(await addCamera(this.#house.supervisor, slot, server.url('/camera')), slot);
    }
    const spool = join(folder, 'spool');
    mkdirSync(spool);
    const edge = this.#house.startEdge('--spool', spool);
    const pid = edge.process.pid ?? 0;
    await until('each camera tells of somebody', () => this.#allTold(), longestStartMs);
    const began = Date.now();
    const memory: MemoryPoint[] = [];
    const ending = new AbortController();
    const watching = watchMemory(pid, began, memory, ending.signal);
    const part = (seconds * 1000) / 8;
    const waitFor = (at: number): Promise<void> => sleep(Math.max(0, began + at - Date.now()));
    const faults: string[] = [];
    for (const [index, [name, inject]] of this.#faults(faultSeconds * 1000).entries()) {
      await waitFor(part * (index + 1));
      await inject();
      faults.push(name);
    }
    await waitFor(seconds * 1000);
    const below = descendants(pid);
    ending.abort();
    await watching;
    const exitCode = await edge.stop();
    const left = below.filter((one) => residentOf(one) > 0);
    return { faults, memory, exitCode, left, ...(await this.#count(period)) };
  }

  async #allTold(): Promise<boolean> {
    await sleep(500);
    const { db } = this.#house.platform;
    const told = await db.selectFrom('watch_alerts').select('camera_id').distinct().execute();
    return told.length === slots.length;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers.values()) await server.stop();
  }

  #faults(pause: number): readonly (readonly [name: string, inject: () => Promise<void>])[] {
    const { supervisor, link } = this.#house;
    const key = { user: 'guard', password: 'tide' };
    return [
      ['a camera killed', () => this.#away('gate', pause)],
      [
        'a camera frozen',
        async () => {
          this.#servers.get('yard')?.freeze();
          await sleep(pause);
          this.#servers.get('yard')?.thaw();
        },
      ],
      ['garbage on its port', () => this.#garbage('dock', pause)],
      [
        'its password changed',
        async () => {
          await this.#away('lane', 1000, key);
          await sleep(pause);
          const [id] = [...this.#ids].find(([, slot]) => slot === 'lane')!;
          await changeCamera(supervisor, id, { credentials: key });
        },
      ],
      ['its resolution switched', () => this.#away('gate', 1000, {}, { width: 320, height: 240 })],
      [
        'the database away for 20 s',
        async () => {
          link.cut();
          await sleep(20_000);
          link.restore();
        },
      ],
    ];
  }

  async #serve(slot: Slot, more: Partial<RtspSettings>, picture = loopSize): Promise<RtspServer> {
    const mount = { ...picture, fps: clipRate, frames: this.#frames };
    const server = await startRtspServer({ mounts: { '/camera': mount }, ...more });
    this.#servers.set(slot, server);
    return server;
  }

  async #away(slot: Slot, ms: number, more: Partial<RtspSettings> = {}, picture = loopSize): Promise<void> {
    const server = this.#servers.get(slot);
    await server?.stop();
    await sleep(ms);
    await this.#serve(slot, { ...more, port: server?.port ?? 0 }, picture);
  }

  async #garbage(slot: Slot, ms: number): Promise<void> {
    const server = this.#servers.get(slot);
    await server?.stop();
    const sockets = new Set<Socket>();
    const noise = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.write(Buffer.alloc(4096, 0xa7));
    }).listen(server?.port, '127.0.0.1');
    await once(noise, 'listening');
    await sleep(ms);
    noise.close();
    for (const socket of sockets) socket.destroy();
    await this.#serve(slot, { port: server?.port ?? 0 });
  }

  async #count(period: number): Promise<Pick<SoakResult, 'alerts' | 'told' | 'missed' | 'lost'>> {
    const { db } = this.#house.platform;
    const rows = await db.selectFrom('watch_alerts').selectAll().orderBy('created_at').execute();
    const spans = await db.selectFrom('watch_spans').selectAll().where('why', '=', 'good').execute();
    const counts = { gate: 0, yard: 0, dock: 0, lane: 0 };
    let [told, missed, lost] = [0, 0, 0];
    for (const [id, slot] of this.#ids) {
      const own = rows.filter(({ camera_id }) => camera_id === id);
      counts[slot] = own.length;
      lost += gapsIn(own.map(({ alert }) => Number(alert.id.split('-').at(-1))));
      const alerts = own.map(({ at }) => at.getTime());
      const seen = spans.filter(({ camera_id }) => camera_id === id);
      for (const [from, until] of joined(
        seen.map((span) => [span.started_at.getTime(), span.until.getTime()]),
      )) {
        const entries = entriesOf({ from, until, alerts }, period);
        told += entries.told;
        missed += entries.missed;
      }
    }
    return { alerts: counts, told, missed, lost };
  }
}

/** Alerts of a run are numbered from 1, in the order in which they come. @returns numbers that are not there. */
function gapsIn(numbers: readonly number[]): number {
  return numbers.reduce((sum, number, at) => {
    const last = number === 1 ? 0 : (numbers[at - 1] ?? 0);
    return sum + Math.max(0, number - last - 1);
  }, 0);
}

async function watchMemory(
  pid: number,
  began: number,
  memory: MemoryPoint[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const bytes = [pid, ...descendants(pid)].reduce((sum, one) => sum + residentOf(one), 0);
    memory.push({ at: Date.now() - began, bytes });
    await sleep(2000, undefined, { signal }).catch(() => undefined);
  }
}
