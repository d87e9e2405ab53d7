import type pg from 'pg';
import { fileStore } from '../../platform/vault/file-store.ts';
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
 * @throws TidewaiterError `E_BACKUP_DAMAGED`, `E_CANCELLED`, `E_NO_SPACE`.
 */
export async function loadBackup(
  client: pg.Client,
  manifest: Manifest,
  parts: AsyncIterable<Part>,
  vaultFolder: string,
): Promise<void> {
  const store = fileStore(vaultFolder);
  await makeRoom(client, manifest);
  for await (const { name, content } of parts) {
    const [kind, what = ''] = name.split('/');
    if (kind === 'vault') await store.put(what, content);
    if (kind !== 'tables') continue;
    const table = manifest.tables.find((one) => one.name === what);
    if (table === undefined) throw damaged(`its manifest does not name the table ${what}`);
    const sql = `copy ${quoted(what)} (${columnList(table.columns)}) from stdin`;
    if ((await copyIn(client, sql, content)) !== table.rows) throw damaged(`rows of ${what} are missing`);
  }
  for (const { table, column, last, called } of manifest.sequences) {
    await client.query('select setval(pg_get_serial_sequence($1, $2), $3, $4)', [
      quoted(table),
      column,
      last,
      called,
    ]);
  }
  // The queue is not in a backup: nobody would ever take these up.
  await client.query(
    `update public.jobs set state = 'failed', finished_at = now(), error = $1 where state in ('queued', 'running')`,
    [JSON.stringify(UNFINISHED_JOB)],
  );
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
