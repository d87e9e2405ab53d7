import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { otherBinaries, startPostgres, type RunningPostgres } from './postgres.ts';

const bin = fileURLToPath(new URL('../../bin/tidewaiter.js', import.meta.url));

/** A running `tidewaiter serve` with a data folder of its own. */
export interface Serving {
  readonly url: string;
  readonly firstRunCode: string | undefined;
  readonly process: ChildProcess;
  readonly data: string;
  /** What it logged so far. */
  log(): string;
  /** Asks it to stop and waits. @returns its exit code. */
  stop(): Promise<number | null>;
}

/** @param data a folder from {@link newDataFolder}. */
export async function startServing(
  data = newDataFolder(),
  environment: NodeJS.ProcessEnv = {},
): Promise<Serving> {
  const child = spawn(process.execPath, [bin, 'serve', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      TIDEWAITER_DATA: data,
      TIDEWAITER_PORT: '0',
      TIDEWAITER_DATABASE_URL: await otherDatabase(data),
      ...environment,
    },
  });
  let [out, log] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ready = await new Promise<{ url: string; firstRunCode?: string }>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${log}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const line = out.split('\n').find((one) => one.includes('"event":"ready"'));
      if (line !== undefined && out.includes('\n'))
        resolve(JSON.parse(line) as { url: string; firstRunCode?: string });
    });
  });
  return {
    url: ready.url,
    firstRunCode: ready.firstRunCode,
    process: child,
    data,
    log: () => log,
    stop: async () => {
      if (child.exitCode !== null) return child.exitCode;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const [code] = (await gone) as [number | null];
      return code;
    },
  };
}

/** A folder that the database's own user can get through to. */
export function newDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-serve-'));
  if (process.getuid?.() === 0) chmodSync(folder, 0o711);
  return folder;
}

export function removeDataFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  void otherServers.get(folder)?.then(({ server }) => server.stop());
  otherServers.delete(folder);
}

interface OtherServer {
  readonly server: RunningPostgres;
  readonly url: string;
}

/** Servers that stand in for the embedded one, by data folder. */
const otherServers = new Map<string, Promise<OtherServer>>();

/** Where the data of a folder is kept instead, when the tests are to run on another PostgreSQL. */
async function otherDatabase(folder: string): Promise<string> {
  if (otherBinaries === undefined) return '';
  const started = otherServers.get(folder) ?? startOther();
  otherServers.set(folder, started);
  return (await started).url;
}

async function startOther(): Promise<OtherServer> {
  const server = await startPostgres();
  const { user, host, port, database } = await server.newDatabase();
  return { server, url: `postgres://${user}@${encodeURIComponent(host)}:${port}/${database}` };
}

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

/** A browser or a program that talks to the API. */
export class Client {
  readonly #url: string;
  #cookie: string | undefined;
  token: string | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  async raw(method: string, path: string, init: RequestInit & { duplex?: 'half' } = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#cookie !== undefined) headers.set('cookie', this.#cookie);
    if (this.token !== undefined) headers.set('authorization', `Bearer ${this.token}`);
    const response = await fetch(`${this.#url}/api/v1${path}`, { ...init, method, headers });
    const [cookie] = response.headers.getSetCookie();
    if (cookie !== undefined) this.#cookie = cookie.split(';')[0];
    return response;
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const response = await this.raw(method, path, {
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
      headers: response.headers,
    };
  }

  /** Goes through all steps of signing in for the first time. */
  async enrol(login: string, password: string): Promise<string> {
    await this.call('POST', '/session', { login, password });
    const { secret } = (await this.call('POST', '/session/enrolment')).body as { secret: string };
    await this.call('PUT', '/session/enrolment', { code: totp(secret) });
    await this.call('POST', '/session/banner');
    return secret;
  }
}

/** RFC 6238 with SHA-1, six digits, thirty seconds: written here once more, so that it can be wrong only by itself. */
export function totp(base32: string, at = Date.now()): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...base32.replaceAll('=', '')]
    .map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const number = mac.readUInt32BE(mac[19]! & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}
