import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { importMasterKeys } from '../../platform/secrets/key-backup.ts';
import { syncFolder } from '../../platform/secrets/durable.ts';
import type { Settings } from '../../platform/settings/settings.ts';
import { migrate } from '../../platform/store/migrate.ts';
import { openObjectStore } from '../../platform/vault/open-store.ts';
import { wholeSchema } from '../../uses/platform.ts';
import { emptyDatabase, isEmpty } from './catalog.ts';
import { loadBackup } from './load.ts';
import { openManifest, type Manifest } from './manifest.ts';
import { reachDatabase, startDatabase, type Reached } from './reach.ts';
import { reachingOut, type ReachingOut } from './reaching-out.ts';
import { damaged, readParts, textOf } from './read-parts.ts';
import { restoreUnfinished, UNFINISHED } from './unfinished.ts';

export interface RestoreOptions {
  readonly settings: Settings;
  readonly file: string;
  readonly passphrase: string;
  /** The installation that the backup is of still runs: cameras, webhooks and channels are switched off. */
  readonly beside: boolean;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/**
 * Puts a backup into an empty data folder, and into the agency's empty database where the settings name one. The whole file
 * is checked before anything is made of it.
 * @returns what the backup says of itself, and what reaches out of it, or did before that was switched off.
 * @throws TidewaiterError `E_RESTORE` (the place is not empty, or the backup is of a newer version), `E_RESTORE_UNFINISHED`, `E_BACKUP`,
 *   `E_BACKUP_DAMAGED`, `E_MASTER_KEY_BACKUP` (the passphrase), `E_NO_SPACE`, `E_CANCELLED`. Nothing is left then.
 */
export async function restore(
  options: RestoreOptions,
): Promise<Manifest & { readonly reaching: ReachingOut }> {
  const { settings, log } = options;
  const { data } = settings;
  const made = await claimFolder(settings);
  const work = join(data, UNFINISHED);
  const placed: string[] = [];
  const place = async (name: string): Promise<void> => {
    await rename(join(work, name), join(data, name));
    placed.push(name);
  };
  try {
    await mkdir(work, { mode: folderMode() });
    const manifest = await check(options, work);
    const own = settings.database.url === undefined;
    const database = own
      ? await startDatabase(join(work, 'database'), log)
      : await reachDatabase(settings, log);
    let reaching: ReachingOut;
    try {
      reaching = await fill(database, options, manifest, work, async () => {
        await mkdir(join(work, 'vault'), { recursive: true, mode: 0o700 });
        await place('vault');
        await place('master-keys.json');
      });
    } finally {
      await database.close();
    }
    if (own) await place('database');
    // From here on it is a data folder like any other, and a server may have begun to work on it: nothing goes back.
    placed.length = 0;
    await rm(work, { recursive: true, force: true });
    await syncFolder(data);
    return { ...manifest, reaching };
  } catch (error) {
    for (const name of [...placed, UNFINISHED]) await rm(join(data, name), { recursive: true, force: true });
    if (made) await rmdir(data).catch(() => undefined);
    throw error;
  }
}

/** As root, the database runs as a user of its own, who must get through to its folder. */
export function folderMode(): number {
  return process.getuid?.() === 0 ? 0o711 : 0o700;
}

/** @returns whether the folder was made. @throws TidewaiterError `E_RESTORE`, `E_RESTORE_UNFINISHED`. */
async function claimFolder(settings: Settings): Promise<boolean> {
  const { data } = settings;
  const names = await readdir(data).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw notPossible(
      `${data} cannot be read (${systemCode(error) ?? 'unknown reason'})`,
      'Check the data folder.',
    );
  });
  if (names === undefined) {
    await mkdir(data, { recursive: true, mode: folderMode() });
    return true;
  }
  if (names.length === 0) return false;
  if (names.includes(UNFINISHED)) throw restoreUnfinished(settings);
  throw notPossible(
    `The data folder ${data} is not empty`,
    'Name a new folder in TIDEWAITER_DATA, or empty this one when nothing in it is needed.',
  );
}

/** Reads all of the file, and brings its keys into the folder. @throws TidewaiterError as {@link restore}. */
async function check({ file, passphrase, signal }: RestoreOptions, work: string): Promise<Manifest> {
  let manifest: Manifest | undefined;
  let first = true;
  for await (const part of readParts(file, signal)) {
    if (manifest !== undefined) throw damaged('something follows its manifest');
    // They come first, so that a wrong passphrase is told at once.
    if (first !== (part.name === 'keys')) throw damaged('its parts are not in order');
    if (first) await importMasterKeys(work, await textOf(part), passphrase);
    first = false;
    if (part.name !== 'manifest') continue;
    manifest = await openManifest(work, await textOf(part));
    const { parts, bytes, digest } = part.before;
    if (manifest.parts !== parts || manifest.bytes !== bytes || manifest.digest !== digest) {
      throw damaged('parts were taken out, added or exchanged');
    }
  }
  if (manifest === undefined) throw damaged('it breaks off');
  const unknown = manifest.schema.find((name) => !wholeSchema.some((step) => step.name === name));
  if (unknown === undefined) return manifest;
  throw notPossible(
    `The backup is of Tidewaiter ${manifest.version}, which is newer than this one (${unknown})`,
    'Install that version, or a later one.',
  );
}

/** Fills an empty database; all that was made in it goes again when that fails. */
async function fill(
  database: Reached,
  { settings, file, signal, beside }: RestoreOptions,
  manifest: Manifest,
  work: string,
  beforeCommit: () => Promise<void>,
): Promise<ReachingOut> {
  const client = await database.connect();
  if (!(await isEmpty(client))) {
    throw notPossible(
      'The database is not empty',
      'Make a new one, and give its address in TIDEWAITER_DATABASE_URL.',
    );
  }
  try {
    await migrate(
      database.db,
      wholeSchema.filter(({ name }) => manifest.schema.includes(name)),
    );
    await client.query('begin');
    // A folder gets its place when it is full; objects in a bucket that nobody came to know are left to the sweep.
    const store = await openObjectStore({ ...settings, data: work });
    await loadBackup(client, manifest, readParts(file, signal), store);
    const reaching = await reachingOut(client, beside);
    await beforeCommit();
    await client.query('commit');
    await client.query('analyze');
    return reaching;
  } catch (error) {
    // On a connection of its own: the other one may be in the middle of something.
    await client.end().catch(() => undefined);
    await database
      .connect()
      .then(emptyDatabase)
      .catch(() => undefined);
    throw error;
  }
}

function notPossible(message: string, remedy: string): TidewaiterError {
  return new TidewaiterError('E_RESTORE', message, remedy);
}
