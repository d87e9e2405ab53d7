import type pg from 'pg';
import type { Manifest } from './manifest.ts';

export type TableShape = Omit<Manifest['tables'][number], 'rows'>;

/** A relation of ours: not of an extension, and not what Kysely keeps for itself. */
const OURS = `
  c.relnamespace = 'public'::regnamespace and c.relname not like 'kysely\\_%'
  and not exists (
    select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`;

/** All tables, each after those that it refers to. Columns that the database computes are left out. */
export async function readTables(client: pg.Client): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape & { refersTo: string[] }>(`
    select c.relname::text as name,
      array(select a.attname::text from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        order by a.attnum) as columns,
      array(select r.relname::text from pg_constraint f join pg_class r on r.oid = f.confrelid
        where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as "refersTo",
      coalesce((select json_agg(json_build_object('name', p.relname, 'bound', pg_get_expr(p.relpartbound, p.oid))
          order by p.relname)
        from pg_inherits i join pg_class p on p.oid = i.inhrelid where i.inhparent = c.oid), '[]') as partitions
    from pg_class c
    where c.relkind in ('r', 'p') and not c.relispartition and ${OURS}
    order by c.relname`);
  return inOrder(rows).map(({ refersTo: _, ...table }) => table);
}

function inOrder<T extends { readonly name: string; readonly refersTo: readonly string[] }>(
  tables: readonly T[],
): T[] {
  const sorted: T[] = [];
  const has = (name: string): boolean => sorted.some((one) => one.name === name);
  while (sorted.length < tables.length) {
    const next = tables.find(({ name, refersTo }) => !has(name) && refersTo.every(has));
    if (next === undefined) throw new TypeError('tables refer to each other in a circle');
    sorted.push(next);
  }
  return sorted;
}

/** Where each sequence stands that numbers a column. */
export async function readSequences(client: pg.Client): Promise<Manifest['sequences']> {
  const { rows } = await client.query<{ name: string; table: string; column: string }>(`
    select s.relname::text as name, c.relname::text as table, a.attname::text as column
    from pg_class s
      join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = s.oid and d.deptype in ('a', 'i')
        and d.refclassid = 'pg_class'::regclass
      join pg_class c on c.oid = d.refobjid
      join pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid
    where s.relkind = 'S' and ${OURS}
    order by 2, 3`);
  const sequences: Manifest['sequences'] = [];
  for (const { name, table, column } of rows) {
    const state = await client.query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${quoted(name)}`,
    );
    for (const { last, called } of state.rows) sequences.push({ table, column, last, called });
  }
  return sequences;
}

/** Steps of the schema that were taken, in the order of their names. */
export async function readSteps(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'select name from public.kysely_migration order by name',
  );
  return rows.map(({ name }) => name);
}

/** Whether nothing was made in the schema `public` so far, extensions left aside. */
export async function isEmpty(client: pg.Client): Promise<boolean> {
  return (await leftIn(client)).length === 0;
}

/** Removes all that was made in the schema `public`, extensions left aside. */
export async function emptyDatabase(client: pg.Client): Promise<void> {
  for (const { kind, name } of await leftIn(client))
    await client.query(`drop ${kind} if exists ${name} cascade`);
}

async function leftIn(client: pg.Client): Promise<{ kind: string; name: string }[]> {
  const { rows } = await client.query<{ kind: string; name: string }>(`
    select case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
        when 'f' then 'foreign table' else 'table' end as kind,
      format('%I.%I', 'public', c.relname) as name
    from pg_class c
    where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and c.relnamespace = 'public'::regnamespace
      and not exists (
        select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('e', 'i', 'a'))
    union all
    select 'routine', p.oid::regprocedure::text from pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and not exists (
        select 1 from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
    order by 1 desc`);
  return rows;
}

/** A name in the schema `public`, quoted. */
export function quoted(name: string): string {
  return `public."${name.replaceAll('"', '""')}"`;
}

export function columnList(columns: readonly string[]): string {
  return columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ');
}
