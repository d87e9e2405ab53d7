import { createHash } from 'node:crypto';
import type pg from 'pg';
import { TidewaiterError } from '../../core/errors.ts';
import type { ObjectStore } from '../../platform/vault/object-store.ts';
import { columnList, quoted } from './catalog.ts';
import { copyIn } from './copy.ts';
import type { Manifest } from './manifest.ts';
import { damaged, type Part } from './read-parts.ts';

/** What is said of jobs that nobody will go on with. */
const UNFINISHED_JOB = {
  code: 'E_JOB_GAVE_UP',
  message: 'The job had not ended when the backup was made that this comes from',
  remedy: 'Start it again.',
};

/**
 * Loads rows into the tables of a database that has them empty, inside the caller's transaction, and objects into a vault.
 * @throws TidewaiterError `E_BACKUP_DAMAGED`, `E_CANCELLED`, `E_NO_SPACE`, `E_RESTORE` (the bucket lacks what was left in it,
 *   or holds something else), what the store throws.
 */
export async function loadBackup(
  client: pg.Client,
  manifest: Manifest,
  parts: AsyncIterable<Part>,
  store: ObjectStore,
): Promise<void> {
  await makeRoom(client, manifest);
  await judgeRows(client, false);
  for await (const { name, content } of parts) {
    const [kind, what = ''] = name.split('/');
    if (kind === 'vault') await putObject(store, what, content);
    if (kind !== 'tables') continue;
    const table = manifest.tables.find((one) => one.name === what);
    if (table === undefined) throw damaged(`its manifest does not name the table ${what}`);
    const sql = `copy ${quoted(what)} (${columnList(table.columns)}) from stdin`;
    if ((await copyIn(client, sql, content)) !== table.rows) throw damaged(`rows of ${what} are missing`);
  }
  await judgeRows(client, true);
  if (manifest.left > 0) await findObjects(client, store);
  for (const { table, column, last, called } of manifest.sequences) {
    await client.query('select setval(pg_get_serial_sequence($1, $2), $3, $4)', [
      quoted(table),
      column,
      last,
      called,
    ]);
  }
  // Bytes of uploads that were going on are not in a backup: whoever sends one begins again.
  const { rows } = await client.query<{ uploads: string | null }>(
    `select to_regclass('public.uploads')::text as uploads`,
  );
  if (rows[0]?.uploads !== null) await client.query('delete from public.uploads where not stored');
  // The queue is not in a backup: nobody would ever take these up.
  await client.query(
    `update public.jobs set state = 'failed', finished_at = now(), error = $1 where state in ('queued', 'running')`,
    [JSON.stringify(UNFINISHED_JOB)],
  );
}

/** Triggers of ours judge what happens; rows of a backup were judged when it did. */
async function judgeRows(client: pg.Client, on: boolean): Promise<void> {
  const { rows } = await client.query<{ name: string }>(`
    select distinct c.relname::text as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relkind <> 'v' and c.relnamespace = 'public'::regnamespace and not c.relispartition`);
  for (const { name } of rows)
    await client.query(`alter table ${quoted(name)} ${on ? 'enable' : 'disable'} trigger user`);
}

/** Makes the partitions that were made as time went on, and takes out the rows that the schema came with. */
async function makeRoom(client: pg.Client, { tables }: Manifest): Promise<void> {
  for (const { name, partitions } of tables) {
    for (const partition of partitions) {
      await client.query(
        `create table if not exists ${quoted(partition.name)} partition of ${quoted(name)} ${partition.bound}`,
      );
    }
  }
  for (const { name } of tables.toReversed()) {
    // Some tables refuse any deletion, even of nothing.
    const { rowCount } = await client.query(`select 1 from ${quoted(name)} limit 1`);
    if (rowCount !== 0) await client.query(`delete from ${quoted(name)}`);
  }
}

/** Objects of a restore that was broken off, or of a bucket that outlived its database, are taken as they are when they match. */
async function putObject(
  store: ObjectStore,
  name: string,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const there = await store.open(name, { start: 0 });
  if (there === undefined) return store.put(name, content);
  if ((await hashOf(content)) === (await hashOf(there as AsyncIterable<Uint8Array>))) return;
  throw restoreError(
    `The object store already holds another object ${name}`,
    'Name an empty bucket or another prefix in the settings.',
  );
}

async function hashOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of content) hash.update(piece);
  return hash.digest('hex');
}

/** Objects that the backup left in their bucket must still be there. */
async function findObjects(client: pg.Client, store: ObjectStore): Promise<void> {
  const found = new Set<string>();
  for await (const { name } of store.list()) found.add(name);
  const { rows } = await client.query<{ object: string }>('select object from public.vault_objects');
  const missing = rows.filter(({ object }) => !found.has(object)).length;
  if (missing === 0) return;
  throw restoreError(
    `The backup left its objects in a bucket, and ${missing} of them are not where the settings look`,
    'Name in objects.s3 the bucket and prefix that the backup was made with.',
  );
}

function restoreError(message: string, remedy: string): TidewaiterError {
  return new TidewaiterError('E_RESTORE', message, remedy);
}
