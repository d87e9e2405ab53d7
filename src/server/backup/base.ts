import { createWriteStream } from 'node:fs';
import { chown, mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { accountFor } from '../../platform/embedded/account.ts';
import { basesFolder } from '../../platform/embedded/base/folders.ts';
import { makeBase, type MadeBase } from '../../platform/embedded/base/make.ts';
import { readBase } from '../../platform/embedded/base/read.ts';
import { joinEmbedded } from '../../platform/embedded/join.ts';
import { startEmbedded } from '../../platform/embedded/start.ts';
import { masterKeyFile } from '../../platform/secrets/file-master-key.ts';
import { syncFolder } from '../../platform/secrets/durable.ts';
import { readKeyFile } from '../../platform/secrets/key-file.ts';
import type { Settings } from '../../platform/settings/settings.ts';
import { databaseFolder } from '../find-database.ts';
import { startDatabase } from './reach.ts';
import { folderMode } from './restore.ts';
import { restoreUnfinished, settleRestore, UNFINISHED } from './unfinished.ts';

interface Common {
  readonly settings: Settings;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/**
 * Takes a base backup of our own database by hand, whether it runs or not.
 * @throws TidewaiterError `E_BASE_BACKUP_FOREIGN`, `E_RESTORE_UNFINISHED`, what {@link makeBase} throws, and what starting it does.
 */
export async function backUpBase({ settings, signal, log, now }: Common & { now: Date }): Promise<MadeBase> {
  onlyOurs(settings);
  await settleRestore(settings, log);
  const folder = databaseFolder(settings);
  if ((await readKeyFile(masterKeyFile(settings.data))) === undefined)
    throw new TidewaiterError(
      'E_BACKUP',
      `There is nothing to back up in ${settings.data}`,
      'Check the data folder.',
    );
  const make = async (connection: Parameters<typeof makeBase>[0]['connection']): Promise<MadeBase> =>
    makeBase({
      connection,
      bases: basesFolder(settings),
      keep: Math.max(1, settings.backups.keep),
      now,
      signal,
    });
  const running = await joinEmbedded(folder);
  if (running !== undefined) return make(running);
  const { oldPrograms } = settings.database;
  const server = await startEmbedded({ folder, oldPrograms, log, onFailed: () => undefined });
  try {
    return await make(server.connection);
  } finally {
    await server.stop();
  }
}

/** What a base backup brought back. */
export interface RestoredBase {
  /** Whether the master keys lie in the data folder: without them the server does not start. */
  readonly keys: boolean;
}

/**
 * Puts the database of a base backup into a data folder that has none. Every file is checked, and the database is started
 * once, before it gets its place. Vault and master keys are left as they are.
 * @throws TidewaiterError `E_BASE_BACKUP_FOREIGN`, `E_RESTORE`, `E_RESTORE_UNFINISHED`, `E_BACKUP_DAMAGED`, `E_NO_SPACE`,
 *   `E_CANCELLED`, and what starting it throws. Nothing is left then.
 */
export async function restoreBase({
  settings,
  signal,
  log,
  from,
}: Common & { from: string }): Promise<RestoredBase> {
  onlyOurs(settings);
  const { data } = settings;
  const made = (await mkdir(data, { recursive: true, mode: folderMode() })) !== undefined;
  const names = await readdir(data);
  if (names.includes(UNFINISHED)) throw restoreUnfinished(settings);
  if (names.includes('database'))
    throw new TidewaiterError(
      'E_RESTORE',
      `There is a database in ${data} already`,
      `Stop the server and move ${databaseFolder(settings)} away, or name a new folder in TIDEWAITER_DATA.`,
    );
  const work = join(data, UNFINISHED);
  const database = join(work, 'database');
  try {
    for (const folder of [work, database]) await mkdir(folder, { mode: folderMode() });
    await unpack(resolve(from), database, signal);
    // Here it takes in the log that came along, and puts all of it on the disk.
    await (await startDatabase(database, log)).close();
    await rename(database, databaseFolder(settings));
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    if (made) await rmdir(data).catch(() => undefined);
    throw error;
  }
  await rm(work, { recursive: true, force: true });
  await syncFolder(data);
  return { keys: (await readKeyFile(masterKeyFile(data))) !== undefined };
}

/** Unpacks the cluster below a folder, for the account that PostgreSQL will run as there. */
async function unpack(from: string, database: string, signal: AbortSignal): Promise<void> {
  const account = await accountFor([database]);
  const own = async (path: string): Promise<void> => {
    if (account !== undefined) await chown(path, account.uid, account.gid);
  };
  const cluster = join(database, 'unpacking');
  const folder = async (path: string): Promise<void> => {
    await mkdir(path, { mode: 0o700 });
    await own(path);
  };
  try {
    await folder(cluster);
    await readBase(from, signal, {
      folder: (name) => folder(join(cluster, name)),
      file: async (name, content) => {
        const path = join(cluster, name);
        await pipeline(content, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
        await own(path);
      },
    });
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
    throw new TidewaiterError(
      'E_NO_SPACE',
      `There is no space left for ${database}`,
      'Free some space or choose another disk, and run again.',
      { cause: error },
    );
  }
  const major = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  await rename(cluster, join(database, `pg${major}`));
}

/** @throws TidewaiterError `E_BASE_BACKUP_FOREIGN`. */
function onlyOurs({ database: { url } }: Settings): void {
  if (url === undefined) return;
  throw new TidewaiterError(
    'E_BASE_BACKUP_FOREIGN',
    'The settings name a PostgreSQL of the agency, which its own tools copy as a whole',
    'Use pg_basebackup or what its administrators use, or tidewaiter backup FILE without --base.',
  );
}
