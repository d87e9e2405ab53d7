import { constants } from 'node:fs';
import { access, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';
import { TidewaiterError } from '../../core/errors.ts';
import type { ConnectionSettings } from '../store/database.ts';
import { connectionTo, openAccess } from './access.ts';
import { accountFor, mayReach } from './account.ts';
import { chooseAddress, clearAddress, isSocket } from './address.ts';
import { findBinaries } from './binaries.ts';
import { majorsIn, prepareCluster, readSecrets, type Fill, type Secrets } from './cluster.ts';
import { checkFiles } from './durability.ts';
import { lockFolder } from './lock.ts';
import { clearTheWay, launch, StartFailure, type Postmaster, type ServerPlan } from './postmaster.ts';
import { supervise } from './supervise.ts';
import { findOldPrograms } from './upgrade/old-programs.ts';
import { fillFromOld } from './upgrade/upgrade.ts';

/** How long another process may take to leave the folder free. */
const OCCUPIED_SECONDS = 30;
/** How often another port is tried when the one that was free has been taken meanwhile. */
const PORT_TRIES = 5;

export interface EmbeddedOptions {
  /** Absolute; made when it is missing. */
  readonly folder: string;
  /** Folder of the programs of an older major version, when the data is of that one; usual folders are looked at too. */
  readonly oldPrograms?: string | undefined;
  /** Told what happens, a line at a time, without personal data. */
  readonly log: (line: string) => void;
  /**
   * Told when the server died too often to be started again. Until then it is started again by itself, at the same address,
   * and pools connect again. Stop it all the same.
   */
  readonly onFailed: (error: TidewaiterError) => void;
  /** Aborted to break off the start: what it began is undone, and it throws. */
  readonly signal?: AbortSignal | undefined;
}

/** A PostgreSQL of our own. */
export interface EmbeddedServer {
  readonly connection: ConnectionSettings;
  /** Process number of the server that runs now. */
  pid(): number;
  /** Ends it: what runs is broken off and rolled back, what was committed is kept. Close pools first. */
  stop(): Promise<void>;
}

/**
 * Runs PostgreSQL on a folder, which it makes at the first start and repairs after any crash; this process alone, until it
 * stops the server or dies.
 * @throws TidewaiterError `E_DATABASE_RUNNING` when another process has the folder, `E_DATABASE_BINARIES`,
 *   `E_DATABASE_FOLDER`, `E_DATABASE_USER`, `E_DATABASE_VERSION`, `E_DATABASE_UPGRADE`, `E_DATABASE_UNSAFE`, `E_DATABASE_START`.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  if (!isMainThread) throw new Error('Start the database from the main thread: it ends with its thread');
  const folder = await makeFolder(options.folder);
  const { signal = new AbortController().signal } = options;
  const lock = await lockFolder(folder, signal);
  try {
    const plan = await makePlan(folder, options, signal);
    const secrets = await readSecrets(plan.data);
    const { server, address } = await firstStart(plan, secrets, signal);
    const supervisor = supervise(server, {
      ...options,
      start: (abort) => startServer({ ...plan, address }, secrets, abort),
    });
    return {
      connection: connectionTo(address, secrets),
      pid: supervisor.pid,
      stop: async () => {
        await supervisor.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function makeFolder(path: string): Promise<string> {
  try {
    // Where root lends an account to PostgreSQL, that account has to pass through; all that lies inside is closed to others.
    await mkdir(path, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(path);
  } catch (error) {
    throw new TidewaiterError(
      'E_DATABASE_FOLDER',
      `The folder for the database cannot be used (${error instanceof Error ? error.message : String(error)})`,
      'Choose one that you may write to, or ask for the right to.',
    );
  }
}

async function makePlan(
  folder: string,
  { log, oldPrograms }: Pick<EmbeddedOptions, 'log' | 'oldPrograms'>,
  abort: AbortSignal,
): Promise<ServerPlan> {
  const binaries = await findBinaries();
  const clusters = (await majorsIn(folder)).sort((a, b) => b - a).map((major) => join(folder, `pg${major}`));
  const account = await accountFor([...clusters, folder]);
  for (const path of [folder, binaries.folder]) await mayReach(path, account);
  const fillFrom = async (major: number): Promise<Fill | undefined> => {
    const postgres = await findOldPrograms(major, oldPrograms);
    if (postgres === undefined) return undefined;
    await mayReach(postgres, account);
    return fillFromOld({ old: join(folder, `pg${major}`), major, postgres, binaries, account, log, abort });
  };
  const data = await prepareCluster(folder, { binaries, account, log, abort }, fillFrom);
  return { data, binaries, account, address: await chooseAddress(folder), log };
}

async function firstStart(
  plan: ServerPlan,
  secrets: Secrets,
  abort: AbortSignal,
): Promise<{ server: Postmaster; address: ServerPlan['address'] }> {
  for (let tries = 1, { address } = plan; ; tries++) {
    try {
      return { server: await startServer({ ...plan, address }, secrets, abort), address };
    } catch (error) {
      const another = error instanceof StartFailure && error.portTaken && !isSocket(address);
      if (!another || tries === PORT_TRIES || abort.aborted) throw describe(error, plan.data);
      address = await chooseAddress(join(plan.data, '..'));
    }
  }
}

/** Starts the server on a folder that an earlier one may still be leaving. */
async function startServer(plan: ServerPlan, secrets: Secrets, abort: AbortSignal): Promise<Postmaster> {
  const deadline = performance.now() + OCCUPIED_SECONDS * 1000;
  for (;;) {
    await clearTheWay(plan.data, plan.log);
    await checkFiles(plan.data, plan.binaries, plan.account);
    await clearAddress(plan.address, plan.account);
    try {
      const server = await launch(plan, abort);
      await openAccess(plan.address, secrets).catch(async (error: unknown) => {
        await server.stop();
        throw error;
      });
      return server;
    } catch (error) {
      const again = error instanceof StartFailure && error.occupied && performance.now() < deadline;
      if (!again || abort.aborted) throw error;
      await wait(250);
    }
  }
}

function describe(error: unknown, data: string): unknown {
  if (error instanceof TidewaiterError) return error;
  return new TidewaiterError(
    'E_DATABASE_START',
    `PostgreSQL does not start on ${data}: ${error instanceof Error ? error.message : String(error)}`,
    'Look at what it says, above all for a full disk, memory and rights, and start again; the data is left as it is.',
  );
}
