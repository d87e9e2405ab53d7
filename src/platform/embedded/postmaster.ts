import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { Account } from './account.ts';
import { listenSettings, type Address } from './address.ts';
import type { Binaries } from './binaries.ts';
import { pidFilePath, readPidFile } from './pid-file.ts';
import { isPostmaster, isTaken, postgresIn, signal, until } from './processes.ts';
import { spawnProgram } from './spawn.ts';

/** Time that orphaned sessions of a dead server have to notice it. */
const ORPHAN_SECONDS = 5;

/** Ways to stop, in their order: finish what runs, break off what runs, and what the next start must repair. */
const stops: readonly [NodeJS.Signals, seconds: number][] = [
  ['SIGINT', 30],
  ['SIGQUIT', 10],
  ['SIGKILL', 10],
];

/**
 * What PostgreSQL may say: about itself, but not what a statement held that failed (parameters, keys, the statement), since
 * that can be about persons.
 */
const logSettings = [
  'logging_collector=off',
  'log_destination=stderr',
  'log_line_prefix=',
  'log_statement=none',
  'log_checkpoints=off',
  'log_min_messages=log',
  'log_min_error_statement=panic',
  'log_error_verbosity=terse',
];

/** How to run the server on a cluster. */
export interface ServerPlan {
  readonly data: string;
  readonly binaries: Pick<Binaries, 'postgres'>;
  readonly account: Account | undefined;
  readonly address: Address;
  /** Settings beside the usual ones: `name=value`. */
  readonly settings?: readonly string[];
  readonly log: (line: string) => void;
}

/** A server that runs as our child. */
export interface Postmaster {
  readonly pid: number;
  /** How it ended, in words, when it has. */
  readonly gone: Promise<string>;
  stop(): Promise<void>;
}

/** A server that ended before it was ready. */
export class StartFailure extends Error {
  /** Another one, or what is left of it, still has the folder: worth another try. */
  readonly occupied: boolean;
  /** The port is taken: another port is worth a try. */
  readonly portTaken: boolean;

  constructor(words: string) {
    super(words);
    this.occupied = /lock file "|shared memory block/.test(words);
    this.portTaken = /could not create any TCP\/IP sockets/.test(words);
  }
}

/** A table that was filled at once is searched badly until it was counted: look for such tables often. */
const SOON_COUNTED = ['autovacuum_naptime=10s'];

/**
 * Starts a server and waits until it is ready, which takes long when it has to replay much after a crash.
 * @throws StartFailure when it ends instead. An abort stops it.
 */
export async function launch(plan: ServerPlan, abort: AbortSignal): Promise<Postmaster> {
  const usual = [...listenSettings(plan.address), ...logSettings, ...SOON_COUNTED];
  const settings = [...usual, ...(plan.settings ?? [])];
  const args = ['-D', plan.data, ...settings.flatMap((setting) => ['-c', setting])];
  const { child, stderr, ended } = await spawnProgram(plan.binaries.postgres, args, plan.data, plan.account);
  const words: string[] = [];
  createInterface(stderr).on('line', (line) => {
    plan.log(`PostgreSQL: ${line}`);
    words.push(line);
    if (words.length > 3) words.shift();
  });
  const pid = child.pid ?? NaN;
  const postmaster = { pid, gone: ended, stop: () => stopProcess(pid, () => runs(child)) };
  while (runs(child)) {
    const file = await readPidFile(plan.data);
    if (file?.ready === true && file.pid === pid) return postmaster;
    if (abort.aborted) await postmaster.stop();
    await wait(10);
  }
  const how = await ended;
  throw new StartFailure(`${words.join('; ')} (${how})`);
}

/**
 * Stops what a dead owner left running on a cluster, and removes a `postmaster.pid` that would bar the way although no
 * server runs. Call it under the lock of the folder.
 */
export async function clearTheWay(data: string, log: (line: string) => void): Promise<void> {
  const file = await readPidFile(data);
  const others = postgresIn(data);
  const left = [file?.pid ?? NaN, ...(others ?? [])].find((pid) => isPostmaster(pid, data));
  if (left !== undefined) {
    log(`Stopping the PostgreSQL server that an earlier process left (process ${left})`);
    await stopProcess(left, () => isPostmaster(left, data));
  }
  if (others === undefined) return;
  if (!(await until(() => postgresIn(data)?.length === 0, ORPHAN_SECONDS))) {
    for (const pid of postgresIn(data) ?? []) signal(pid, 'SIGKILL');
    await until(() => postgresIn(data)?.length === 0, ORPHAN_SECONDS);
  }
  const stale = await readPidFile(data);
  // PostgreSQL removes a file that names nobody, and keeps one that names a process of others or one that is not reaped.
  if (stale !== undefined && (Number.isNaN(stale.pid) || isTaken(stale.pid)) && noneLeft(data)) {
    log('Removing a postmaster.pid that names no server');
    await rm(pidFilePath(data), { force: true });
  }
}

function noneLeft(data: string): boolean {
  return postgresIn(data)?.length === 0;
}

async function stopProcess(pid: number, lives: () => boolean): Promise<void> {
  for (const [name, seconds] of stops) {
    if (!lives()) return;
    signal(pid, name);
    if (await until(() => !lives(), seconds)) return;
  }
}

function runs(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}
