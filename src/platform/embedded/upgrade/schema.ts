import type pg from 'pg';

/** A schema as statements, in the order in which they make it: without rows in between they make it whole. */
export interface SchemaStatements {
  readonly beforeRows: readonly string[];
  /** Constraints, indexes and triggers: made when the rows are there, which checks them. */
  readonly afterRows: readonly string[];
}

/** A table that holds rows itself. */
export interface RowsOf {
  /** Quoted, with its schema. */
  readonly table: string;
  /** Quoted; `copied` lacks those that the database computes. */
  readonly columns: readonly string[];
  readonly copied: readonly string[];
}

/** A sequence and where it stands. */
export interface SequenceState {
  readonly sequence: string;
  readonly last: string;
  readonly called: boolean;
}

/** Not of the system and not of an extension. */
const OURS = (oid: string, catalog: string, namespace: string): string => `
  ${namespace} in (select oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema')
  and not exists (select 1 from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = ${oid} and d.deptype = 'e')`;

const TABLE = `format('%I.%I', n.nspname, c.relname)`;
const FROM_TABLES = `
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and ${OURS('c.oid', 'pg_class', 'c.relnamespace')}`;

/** What a database of ours never holds, and what the statements below would leave out. */
const LEFT_OUT = `
  select 'the extension ' || extname as what from pg_extension where extname <> 'plpgsql'
  union all
  select format('%s %I.%I', case c.relkind when 'm' then 'the materialized view' when 'f' then 'the foreign table' else 'the type' end,
      n.nspname, c.relname)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('m', 'f', 'c') and ${OURS('c.oid', 'pg_class', 'c.relnamespace')}
  union all
  select format('the type %I.%I', n.nspname, t.typname) from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where t.typtype in ('d', 'r') and ${OURS('t.oid', 'pg_type', 't.typnamespace')}
  union all
  select 'the aggregate ' || p.oid::regprocedure from pg_proc p
    where p.prokind in ('a', 'w') and ${OURS('p.oid', 'pg_proc', 'p.pronamespace')}
  union all
  select format('the rights of others in %I.%I', n.nspname, c.relname)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relacl is not null and ${OURS('c.oid', 'pg_class', 'c.relnamespace')}
  union all
  select 'the policy ' || polname from pg_policy
  union all
  select format('what %s inherits', i.inhrelid::regclass)
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where not c.relispartition and c.relkind = 'r'`;

/** How many tables a table is part of. */
const DEPTH = '(select count(*) from pg_partition_ancestors(c.oid))::bigint';

// Each of these gives statements and what they are ordered by, before their text.

const SCHEMAS = `
  select 0, format('create schema %I', nspname) from pg_namespace
  where nspname !~ '^pg_' and nspname not in ('public', 'information_schema')`;

const ENUMS = `
  select 0, format('create type %I.%I as enum (%s)', n.nspname, t.typname,
    (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid))
  from pg_type t join pg_namespace n on n.oid = t.typnamespace
  where t.typtype = 'e' and ${OURS('t.oid', 'pg_type', 't.typnamespace')}`;

/** Those of identity columns come with their tables. */
const SEQUENCES = `
  select 0, format('create sequence %I.%I as %s increment %s minvalue %s maxvalue %s start %s cache %s%s',
    n.nspname, c.relname, format_type(s.seqtypid, null), s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
    case when s.seqcycle then ' cycle' else '' end)
  from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
  where ${OURS('c.oid', 'pg_class', 'c.relnamespace')}
    and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i')`;

/** Those that take or give rows of a table are made when the table is there; tables may use the others. */
const ROUTINES = (rows: boolean): string => `
  select 0, pg_get_functiondef(p.oid) from pg_proc p
  where p.prokind in ('f', 'p') and ${OURS('p.oid', 'pg_proc', 'p.pronamespace')}
    and ${rows ? '' : 'not '}exists (
      select 1 from pg_type t where t.typrelid <> 0 and t.oid = any(array_prepend(p.prorettype, p.proargtypes::oid[])))`;

const COLUMN = `
  format('%I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
    case when a.attcollation <> t.typcollation then (
      select format(' collate %I.%I', cn.nspname, co.collname)
      from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace where co.oid = a.attcollation) else '' end,
    case
      when a.attidentity <> '' then case a.attidentity when 'a' then ' generated always' else ' generated by default' end
        || (select format(' as identity (sequence name %I.%I)', sn.nspname, sc.relname)
          from pg_depend d join pg_class sc on sc.oid = d.objid join pg_namespace sn on sn.oid = sc.relnamespace
          where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = a.attrelid
            and d.refobjsubid = a.attnum and d.deptype = 'i' and sc.relkind = 'S')
      when a.attgenerated <> '' then format(' generated always as (%s) stored', pg_get_expr(ad.adbin, ad.adrelid))
      when ad.adbin is not null then ' default ' || pg_get_expr(ad.adbin, ad.adrelid)
      else '' end,
    case when a.attnotnull then ' not null' else '' end)`;

const OPTIONS = `case when c.reloptions is null then '' else format(' with (%s)', array_to_string(c.reloptions, ', ')) end`;

/** Partitions take their columns from the table that they are part of, so that one comes first. */
const TABLES = `
  select ${DEPTH}, format('create %stable %s ', case c.relpersistence when 'u' then 'unlogged ' else '' end, ${TABLE})
    || case when c.relispartition then (
        select format('partition of %I.%I %s', pn.nspname, pc.relname, pg_get_expr(c.relpartbound, c.oid))
        from pg_inherits i join pg_class pc on pc.oid = i.inhparent join pg_namespace pn on pn.oid = pc.relnamespace
        where i.inhrelid = c.oid)
      else format('(%s)', (
        select coalesce(string_agg(${COLUMN}, ', ' order by a.attnum), '')
        from pg_attribute a join pg_type t on t.oid = a.atttypid
          left join pg_attrdef ad on ad.adrelid = a.attrelid and ad.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)) end
    || case when c.relkind = 'p' then ' partition by ' || pg_get_partkeydef(c.oid) else '' end || ${OPTIONS}
  ${FROM_TABLES}`;

const OWNERS = `
  select 0, format('alter sequence %I.%I owned by %I.%I.%I', n.nspname, c.relname, tn.nspname, tc.relname, a.attname)
  from pg_depend d join pg_class c on c.oid = d.objid and c.relkind = 'S' join pg_namespace n on n.oid = c.relnamespace
    join pg_class tc on tc.oid = d.refobjid join pg_namespace tn on tn.oid = tc.relnamespace
    join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
  where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype = 'a'
    and ${OURS('c.oid', 'pg_class', 'c.relnamespace')}`;

const VIEWS = `
  select c.oid, format('create view %s as %s', ${TABLE}, pg_get_viewdef(c.oid))
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'v' and ${OURS('c.oid', 'pg_class', 'c.relnamespace')}`;

/**
 * Those of partitions come first: an index or key of the table above takes up theirs, with the names they have. What a
 * partition inherits otherwise comes with the table above.
 */
const CONSTRAINTS = `
  select case when k.contype = 'f' then 1 else -${DEPTH} end, format('alter table %s add constraint %I %s', ${TABLE}, k.conname, pg_get_constraintdef(k.oid))
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
  where ${OURS('c.oid', 'pg_class', 'c.relnamespace')} and c.relkind in ('r', 'p')
    and (k.contype in ('p', 'u', 'x') or (k.contype = 'c' and k.conislocal) or (k.contype = 'f' and k.conparentid = 0))`;

const INDEXES = `
  select -${DEPTH}, replace(pg_get_indexdef(x.indexrelid), ' ON ONLY ', ' ON ')
  from pg_index x join pg_class c on c.oid = x.indrelid
  where ${OURS('c.oid', 'pg_class', 'c.relnamespace')} and c.relkind in ('r', 'p')
    and not exists (select 1 from pg_constraint k where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x'))`;

const TRIGGERS = `
  select 0, pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where not t.tgisinternal and t.tgparentid = 0 and ${OURS('c.oid', 'pg_class', 'c.relnamespace')}`;

/** Says what there is that {@link readSchema} does not carry over. */
export async function leftOut(client: pg.Client): Promise<string[]> {
  return column(client, LEFT_OUT);
}

/** Reads the schema of a database. `search_path` must be empty, so that every name is written with its schema. */
export async function readSchema(client: pg.Client): Promise<SchemaStatements> {
  const all = async (queries: readonly string[]): Promise<string[]> => {
    const lists: string[][] = [];
    for (const query of queries)
      lists.push(
        await column(
          client,
          `select statement from (${query}) as s (rank, statement) order by rank, statement collate "C"`,
        ),
      );
    return lists.flat();
  };
  return {
    beforeRows: await all([
      SCHEMAS,
      ENUMS,
      SEQUENCES,
      ROUTINES(false),
      TABLES,
      OWNERS,
      ROUTINES(true),
      VIEWS,
    ]),
    afterRows: await all([CONSTRAINTS, INDEXES, TRIGGERS]),
  };
}

/** The tables that hold rows: plain ones and partitions. */
export async function readRowTables(client: pg.Client): Promise<RowsOf[]> {
  const columns = (condition: string): string => `array(
    select format('%I', a.attname) from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped ${condition} order by a.attnum)`;
  const { rows } = await client.query<RowsOf>(
    `select ${TABLE} as table, ${columns('')} as columns, ${columns("and a.attgenerated = ''")} as copied
    ${FROM_TABLES} and c.relkind = 'r' order by 1`,
  );
  return rows;
}

export async function readSequences(client: pg.Client): Promise<SequenceState[]> {
  const names = await column(
    client,
    `select ${TABLE} from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'S' and ${OURS('c.oid', 'pg_class', 'c.relnamespace')} order by ${TABLE} collate "C"`,
  );
  const states: SequenceState[] = [];
  for (const sequence of names) {
    const { rows } = await client.query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${sequence}`,
    );
    for (const row of rows) states.push({ sequence, ...row });
  }
  return states;
}

async function column(client: pg.Client, sql: string): Promise<string[]> {
  const { rows } = await client.query<[string]>({ text: sql, rowMode: 'array' });
  return rows.map(([value]) => value);
}
