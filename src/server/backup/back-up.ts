import type pg from 'pg';
import { version } from '../../core/version.ts';
import { exportMasterKeys } from '../../platform/secrets/key-backup.ts';
import { masterKeyFile } from '../../platform/secrets/file-master-key.ts';
import { readKeyFile } from '../../platform/secrets/key-file.ts';
import type { Settings } from '../../platform/settings/settings.ts';
import type { Database } from '../../platform/store/database.ts';
import type { ObjectStore } from '../../platform/vault/object-store.ts';
import { openObjectStore } from '../../platform/vault/open-store.ts';
import { columnList, quoted, readSequences, readSteps, readTables } from './catalog.ts';
import { copyOut } from './copy.ts';
import { sealManifest, type Manifest } from './manifest.ts';
import { reachDatabase } from './reach.ts';
import { throwIfStopped } from './read-parts.ts';
import { backupError, PartsWriter } from './write-parts.ts';

export interface BackUpOptions {
  readonly settings: Settings;
  /** The backup; it must not exist. */
  readonly file: string;
  /** At least 15 characters. */
  readonly passphrase: string;
  /** Leave objects in the bucket of the settings: the backup is of use only together with that bucket. */
  readonly leaveObjects?: boolean;
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** What a backup holds. */
export interface BackedUp {
  readonly rows: number;
  readonly objects: number;
  /** Objects that the database knows and the vault has lost: they are in no backup. */
  readonly lost: number;
  /** Objects that were left in their bucket. */
  readonly left: number;
  readonly bytes: number;
}

const BATCH = 1000;

/**
 * Writes one file with all that an installation holds as of one moment: rows, objects, and the master keys under a
 * passphrase. The platform may run meanwhile. Memory does not grow with what there is.
 * @throws TidewaiterError `E_BACKUP`, `E_NO_SPACE`, `E_CANCELLED`, `E_MASTER_KEY`, `E_MASTER_KEY_BACKUP`, and what reaching
 *   the database and the object store throws. Nothing is left then.
 */
export async function backUp(options: BackUpOptions): Promise<BackedUp> {
  const { settings, file, leaveObjects = false, now, log } = options;
  if (leaveObjects && settings.objects.s3 === undefined) {
    throw backupError(
      'Objects can be left in a bucket only, and the settings name none',
      'Leave out --leave-objects.',
    );
  }
  if ((await readKeyFile(masterKeyFile(settings.data))) === undefined) {
    throw backupError(`There is nothing to back up in ${settings.data}`, 'Check the data folder.');
  }
  const writer = await PartsWriter.create(file, now);
  try {
    const database = await reachDatabase(settings, log);
    try {
      const client = await database.connect();
      const result = await writeAll(options, writer, client, database.db);
      await writer.finish();
      return result;
    } finally {
      await database.close();
    }
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

async function writeAll(
  { settings, passphrase, leaveObjects = false, now, signal, log }: BackUpOptions,
  writer: PartsWriter,
  client: pg.Client,
  db: Database,
): Promise<BackedUp> {
  await client.query('begin isolation level repeatable read read only');
  const shapes = await readTables(client);
  const schema = await readSteps(client);
  // Keys are only ever added, so those of now open all that the transaction sees, whose moment has passed.
  await writer.part('keys', once(await exportMasterKeys(settings.data, passphrase)));
  const tables: Manifest['tables'] = [];
  for (const { name, columns, partitions } of shapes) {
    const rows = copyOut(client, `copy (select ${columnList(columns)} from ${quoted(name)}) to stdout`);
    await writer.part(`tables/${name}`, stoppable(rows, signal));
    tables.push({ name, columns, partitions, rows: rows.rows });
  }
  // They are no part of the transaction: asked after it began, they are past all numbers that it sees.
  const sequences = await readSequences(client);
  let [objects, lost, left] = [0, 0, 0];
  const store = await openObjectStore(settings);
  for await (const name of objectsOf(client)) {
    if (leaveObjects) left += 1;
    else if (await writeObject(writer, store, name, signal)) objects += 1;
    else if (await isKnown(db, name)) {
      lost += 1;
      log(`vault: the object ${name} is lost; restore it from an older backup`);
    }
  }
  await client.query('commit');
  const tally = writer.tally();
  const manifest: Manifest = {
    format: 'tidewaiter-backup-1',
    version,
    madeAt: now.toISOString(),
    schema,
    tables,
    sequences,
    objects,
    lost,
    left,
    ...tally,
  };
  await writer.part('manifest', once(await sealManifest(settings.data, manifest)));
  throwIfStopped(signal);
  return { rows: tables.reduce((sum, { rows }) => sum + rows, 0), objects, lost, left, bytes: tally.bytes };
}

/** Whether it was there. */
async function writeObject(
  writer: PartsWriter,
  store: ObjectStore,
  name: string,
  signal: AbortSignal,
): Promise<boolean> {
  const content = await store.open(name, { start: 0 });
  if (content === undefined) return false;
  await writer.part(`vault/${name}`, stoppable(content as AsyncIterable<Buffer>, signal));
  return true;
}

/** Names of all objects that the transaction sees. */
async function* objectsOf(client: pg.Client): AsyncGenerator<string> {
  for (let after = ''; ;) {
    const { rows } = await client.query<{ object: string }>(
      'select object from public.vault_objects where object > $1 order by object limit $2',
      [after, BATCH],
    );
    for (const { object } of rows) yield object;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.object;
  }
}

/** As of now: what was erased since the transaction began is not missed. */
async function isKnown(db: Database, object: string): Promise<boolean> {
  const row = await db
    .selectFrom('vault_objects')
    .select('object')
    .where('object', '=', object)
    .executeTakeFirst();
  return row !== undefined;
}

async function* stoppable(
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    throwIfStopped(signal);
    yield chunk;
  }
}

async function* once(text: string): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(text));
}
