import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { TidewaiterError } from '../../../src/core/errors.ts';
import { joinEmbedded } from '../../../src/platform/embedded/join.ts';
import { postgresIn, signal } from '../../../src/platform/embedded/processes.ts';
import { startEmbedded, type EmbeddedServer } from '../../../src/platform/embedded/start.ts';
import type { ConnectionSettings } from '../../../src/platform/store/database.ts';

/** A program that runs a database on the folder it is given. */
export const parentProgram = fileURLToPath(new URL('parent.ts', import.meta.url));

export const isRoot = process.getuid?.() === 0;

/** An unprivileged account, for tests that run as root. */
export const stranger = isRoot ? { uid: idOf('-u'), gid: idOf('-g') } : { uid: NaN, gid: NaN };

function idOf(question: string): number {
  return Number(execFileSync('id', [question, 'nobody'], { encoding: 'utf8' }));
}

/**
 * A folder for a database, removed after the file's tests together with what still runs in it. For root it belongs to another
 * account, which PostgreSQL is then run as, so that no test adds a user to the machine.
 */
export function scratch(name = 'd'): string {
  const outer = realpathSync(mkdtempSync(join(tmpdir(), 'tw-db-')));
  chmodSync(outer, 0o711);
  const folder = join(outer, name);
  mkdirSync(folder, 0o711);
  if (isRoot) {
    chownSync(folder, stranger.uid, stranger.gid);
  }
  after(() => {
    for (const pid of postgresIn(folder) ?? []) signal(pid, 'SIGKILL');
    rmSync(outer, { recursive: true, force: true, maxRetries: 5 });
  });
  return folder;
}

/** Starts a database in this process, stopped at the end of the test. */
export async function start(
  t: TestContext,
  folder: string,
  onFailed: (error: TidewaiterError) => void = (error) => assert.fail(error),
): Promise<EmbeddedServer & { readonly lines: string[] }> {
  const lines: string[] = [];
  const server = await startEmbedded({ folder, log: (line) => lines.push(line), onFailed });
  t.after(() => server.stop());
  return { ...server, lines };
}

/** How to reach the database that runs on a folder. */
export async function joined(folder: string): Promise<ConnectionSettings> {
  return (await joinEmbedded(folder)) ?? assert.fail('no server runs');
}

/** A process of its own that runs a database. */
export interface Parent {
  readonly child: ChildProcess;
  /** `ready`, or the error it ended with, or nothing when it was killed before. */
  readonly answer: Promise<string>;
  /** Resolves when the process has gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts one, by default as ourselves, in a process group of its own; killed after the file's tests. */
export function startParent(folder: string, command: readonly string[] = []): Parent {
  const [first = '', ...rest] = [...command, process.execPath, parentProgram, folder];
  const child = spawn(first, rest, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  const gone = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const answer = Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    gone.then(async () => {
      await wait(200);
      return '';
    }),
  ]);
  const kill = async (name: NodeJS.Signals): Promise<void> => {
    child.kill(name);
    await gone;
  };
  after(() => (child.exitCode ?? child.signalCode) === null && kill('SIGKILL'));
  return { child, answer, kill };
}

/** Process number of the server that runs on a folder. */
export function postmasterOf(folder: string): number {
  return Number(readFileSync(join(folder, 'pg18', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

export async function query<Row extends pg.QueryResultRow>(
  connection: ConnectionSettings,
  sql: string,
): Promise<Row[]> {
  const { password = '', ...rest } = connection;
  const client = new pg.Client({ ...rest, password });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Something that writes rows without a pause, one transaction each, and connects again when the server goes. */
export interface Writer {
  /** Numbers of rows that the server said are committed. */
  readonly acknowledged: number[];
  stop(): Promise<void>;
}

export async function startWriter(connection: ConnectionSettings): Promise<Writer> {
  await query(connection, 'create table if not exists written (number integer primary key)');
  const { password = '', ...rest } = connection;
  const pool = new pg.Pool({ ...rest, password, max: 1, connectionTimeoutMillis: 2000 });
  pool.on('error', () => undefined);
  const [last] = await query<{ number: number }>(
    connection,
    'select coalesce(max(number), 0) as number from written',
  );
  const acknowledged: number[] = [];
  let stopping = false;
  const write = async (): Promise<void> => {
    for (let number = (last?.number ?? 0) + 1; !stopping; number++) {
      try {
        await pool.query('insert into written values ($1)', [number]);
        acknowledged.push(number);
      } catch {
        await wait(20);
      }
    }
  };
  const written = write();
  return {
    acknowledged,
    stop: async () => {
      stopping = true;
      await written;
      await pool.end();
    },
  };
}

/** Waits until the writer has had so many more rows acknowledged. */
export async function progress(writer: Writer, rows = 50): Promise<void> {
  const goal = writer.acknowledged.length + rows;
  await eventually(() => writer.acknowledged.length >= goal, 'the writer goes on');
}

export async function eventually(condition: () => boolean, what: string, seconds = 15): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, `in ${seconds} seconds: ${what}`);
    await wait(20);
  }
}

/** Compares what the server said is committed with what it has. */
export async function nothingLost(
  connection: ConnectionSettings,
  acknowledged: readonly number[],
): Promise<void> {
  const rows = await query<{ number: number }>(connection, 'select number from written');
  const there = new Set(rows.map(({ number }) => number));
  assert.deepEqual(
    acknowledged.filter((number) => !there.has(number)),
    [],
  );
}

/** For `assert.rejects`. */
export function coded(code: string, text = /./): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof TidewaiterError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, text);
    return true;
  };
}
