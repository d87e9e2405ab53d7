import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { TidewaiterError } from '../../../core/errors.ts';
import {
  leftOut,
  readRowTables,
  readSchema,
  readSequences,
  type RowsOf,
  type SchemaStatements,
} from './schema.ts';

/** How values are written must not depend on the settings of a version or a role. */
const PLAIN = `
  set search_path = ''; set datestyle = 'ISO, YMD'; set timezone = 'UTC'; set intervalstyle = 'postgres';
  set bytea_output = 'hex'; set extra_float_digits = 1; set statement_timeout = 0; set lock_timeout = 0;
  set check_function_bodies = off`;

export interface Move {
  /** Both as superuser, connected to the database of the product. */
  readonly from: pg.Client;
  readonly to: pg.Client;
  /** Role that owns what is made. */
  readonly owner: string;
  /** Folder that both servers may write to. */
  readonly folder: string;
  readonly log: (line: string) => void;
}

/**
 * Makes the schema of one database in another, empty one, moves all rows, and compares both: statements, counts, digests of the
 * rows, and numbers of the sequences. The first is only read.
 * @throws TidewaiterError `E_DATABASE_UPGRADE` when they are not the same.
 */
export async function moveDatabase({ from, to, owner, folder, log }: Move): Promise<void> {
  for (const client of [from, to]) await client.query(PLAIN);
  await from.query('begin isolation level repeatable read read only');
  const strange = await leftOut(from);
  if (strange.length > 0) throw failedUpgrade(`it holds what cannot be moved: ${strange.join(', ')}`);
  const schema = await readSchema(from);
  const tables = await readRowTables(from);
  await make(to, owner, schema.beforeRows);
  for (const table of tables) {
    const rows = await moveRows({ from, to, folder }, table);
    if (rows > 0) log(`Upgrading PostgreSQL: ${table.table}, ${rows} rows`);
  }
  for (const { sequence, last, called } of await readSequences(from)) {
    await to.query('select setval($1::regclass, $2, $3)', [sequence, last, called]);
  }
  log('Upgrading PostgreSQL: indexes and constraints');
  await make(to, owner, schema.afterRows);
  log('Upgrading PostgreSQL: comparing old and new');
  compare('its schema', comparable(schema), comparable(await readSchema(to)));
  compare('its sequences', await readSequences(from), await readSequences(to));
  for (const table of tables) {
    compare(table.table, await digest(from, table), await digest(to, table));
  }
  await from.query('commit');
  await to.query('analyze');
  await to.query('checkpoint');
}

export function failedUpgrade(reason: string, options?: ErrorOptions): TidewaiterError {
  return new TidewaiterError(
    'E_DATABASE_UPGRADE',
    `The database could not be brought to the new version of PostgreSQL: ${reason}`,
    'The old one is as it was: mend what the message says and start again, or go on with the version of Tidewaiter that made it.',
    options,
  );
}

async function make(to: pg.Client, owner: string, statements: readonly string[]): Promise<void> {
  await to.query(`set role ${owner}`);
  for (const statement of statements) await to.query(statement);
  await to.query('reset role');
}

/** The servers write and read the file themselves: nothing passes through this process. */
async function moveRows(
  { from, to, folder }: Pick<Move, 'from' | 'to' | 'folder'>,
  { table, copied }: RowsOf,
): Promise<number> {
  const file = join(folder, 'rows');
  const columns = copied.join(', ');
  const out = await from.query(`copy (select ${columns} from ${table}) to ${quote(file)}`);
  const into = await to.query(`copy ${table} (${columns}) from ${quote(file)}`);
  await rm(file);
  if (out.rowCount !== into.rowCount)
    throw failedUpgrade(`${table} has ${out.rowCount} rows, of which ${into.rowCount} came over`);
  return out.rowCount ?? 0;
}

/** Count, and the sum of a number out of each row's SHA-256: it does not depend on the order of the rows. */
async function digest(client: pg.Client, { table, columns }: RowsOf): Promise<unknown> {
  const { rows } = await client.query<{ count: string; sum: string }>(`
    select count(*)::text as count, coalesce(sum(
      ('x' || encode(substring(sha256(convert_to(row(${columns.join(', ')})::text, 'UTF8')) from 1 for 8), 'hex'))::bit(64)::bigint
    ), 0)::text as sum
    from only ${table}`);
  return rows;
}

/**
 * Versions write the same view differently; it holds no rows, so that its name says enough. An expression that was read
 * once more has fewer parentheses around what is joined by one word, so that these are left out.
 */
function comparable({ beforeRows, afterRows }: SchemaStatements): string[] {
  const cut = (statement: string): string => statement.replace(/^(create view .+?) as .*$/s, '$1');
  return [...beforeRows.map(cut), ...afterRows].map((statement) => statement.replaceAll(/[()]/g, ''));
}

function compare(what: string, before: unknown, after: unknown): void {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const [old, now] = [before, after].map((side) => (Array.isArray(side) ? (side as unknown[]) : [side]));
  const first =
    old?.find((item, index) => JSON.stringify(item) !== JSON.stringify(now?.[index])) ?? now?.at(-1);
  throw failedUpgrade(`${what} is not the same in the new one, first at ${JSON.stringify(first)}`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
