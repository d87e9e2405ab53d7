import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSettings } from '../../src/platform/settings/settings.ts';
import { createApp } from '../../src/server/app.ts';
import { openPlatform, type OpenPlatform } from '../../src/server/open-platform.ts';
import type { House } from '../platform/attack/house.ts';
import { startPostgres } from '../platform/postgres.ts';
import { newDataFolder, removeDataFolder } from '../platform/serving.ts';
import { testCache } from '../redaction/program.ts';
import { person, type Person } from './platform/desk.ts';

/** A way to the database over TCP that can be cut: nothing comes through then, and nobody is told. */
export interface Link {
  readonly port: number;
  cut(): void;
  /** New connections come through again; those of before stay dead, as behind a router that forgot them. */
  restore(): void;
}

/** `tidewaiter worker --cameras` in a process of its own. */
export interface EdgeWorker {
  readonly process: ChildProcess;
  /** What it printed: a line for each state of the link. */
  printed(): string;
  /** @returns its exit code. */
  stop(): Promise<number | null>;
}

/** The platform of an agency in this process, without services, and a link to it. */
export interface EdgeHouse extends House {
  readonly platform: OpenPlatform;
  readonly data: string;
  readonly link: Link;
  readonly supervisor: Person;
  /** The worker beside the cameras of `pier`, over the link. @param words further options. */
  startEdge(...words: string[]): EdgeWorker;
  close(): Promise<void>;
}

const bin = fileURLToPath(new URL('../../bin/tidewaiter.js', import.meta.url));

/** @param siteText site file of `pier`. */
export async function openEdgeHouse(siteText: string): Promise<EdgeHouse> {
  const postgres = await startPostgres();
  const { host, port, user, database } = await postgres.newDatabase();
  const link = await startLink(join(host, `.s.PGSQL.${port}`));
  const data = newDataFolder();
  const direct = `postgres://${user}@${encodeURIComponent(host)}:${port}/${database}`;
  const settings = await readSettings({ TIDEWAITER_DATA: data, TIDEWAITER_DATABASE_URL: direct }, data);
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const platform = await openPlatform({ settings, database: 'run', log, onFailed: () => undefined });
  const app = await createApp(platform, log);
  await app.listen({ host: '127.0.0.1', port: 0 });
  await platform.db.insertInto('sites').values({ id: 'pier', name: 'Pier', time_zone: 'UTC' }).execute();
  const listening = (app.server.address() as AddressInfo).port;
  const house = { url: `http://127.0.0.1:${listening}`, port: listening, platform, app, log: lines };
  const open: House = { ...house, clock: { laterMs: 0 } };
  const supervisor = await person(open, 'supervisor');
  const { status, body } = await supervisor.call('PUT', '/watch/sites/pier', { text: siteText });
  if (status >= 300) throw new Error(JSON.stringify(body));
  const workers: EdgeWorker[] = [];
  return {
    ...open,
    ...{ platform, data, link, supervisor },
    startEdge: (...words) => {
      const url = `postgres://${user}@127.0.0.1:${link.port}/${database}`;
      const worker = startWorker(['worker', '--cameras', '--site', 'pier', '--json', ...words], data, url);
      workers.push(worker);
      return worker;
    },
    close: async () => {
      link.restore();
      for (const worker of workers) await worker.stop();
      app.server.closeAllConnections();
      await app.close();
      await platform.close();
      link.close();
      await postgres.stop();
      removeDataFolder(data);
    },
  };
}

/** Adds a camera. @returns its id. */
export async function addCamera(
  supervisor: Person,
  slot: string,
  url: string,
  more: object = {},
): Promise<string> {
  const camera = { site: 'pier', slot, name: slot, source: { url }, ...more };
  const { status, body } = await supervisor.call('POST', '/watch/cameras', camera);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return String(body['id']);
}

/** Changes a camera as it is now. */
export async function changeCamera(supervisor: Person, id: string, change: object): Promise<void> {
  const { etag } = await supervisor.call('GET', `/watch/cameras/${id}`);
  const { status, body } = await supervisor.call('PATCH', `/watch/cameras/${id}`, change, {
    'if-match': etag,
  });
  if (status !== 200) throw new Error(JSON.stringify(body));
}

function startWorker(words: readonly string[], data: string, databaseUrl: string): EdgeWorker {
  const child = spawn(process.execPath, [bin, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...{ TIDEWAITER_DATA: data, TIDEWAITER_DATABASE_URL: databaseUrl, TIDEWAITER_CACHE: testCache },
    },
  });
  const gone = once(child, 'close').then(([code]) => code as number | null);
  const last = (): boolean => child.kill('SIGKILL');
  process.on('exit', last);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return {
    process: child,
    printed: () => text,
    stop: () => {
      process.off('exit', last);
      child.kill('SIGTERM');
      return gone;
    },
  };
}

async function startLink(target: string): Promise<Link & { close(): void }> {
  const sockets = new Set<Socket>();
  const dead = new WeakSet<Socket>();
  let away = false;
  const proxy = createServer((near) => {
    const far = connect(target);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      if (away) dead.add(from);
      from.on('data', (chunk) => dead.has(from) || to.write(chunk));
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    cut: () => {
      away = true;
      for (const socket of sockets) dead.add(socket);
    },
    restore: () => {
      away = false;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}
