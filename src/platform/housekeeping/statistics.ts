import { sql } from 'kysely';
import type { Database } from '../store/database.ts';

/** Fewer changes than this make no difference to how a query is planned. */
const ROWS = 1000;

/**
 * Gathers statistics where there are none yet, as after a bulk ingest: PostgreSQL itself comes by a minute later, or not
 * at all on servers that switch that off; and never to a partitioned table as a whole, which queries over months are
 * planned by.
 * @returns how many tables were looked at.
 */
export async function analyzeNew(db: Database, signal: AbortSignal): Promise<number> {
  const { rows } = await sql<{ name: string }>`
    select c.relname::text as name
    from pg_class c join pg_stat_user_tables s on s.relid = c.oid
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
      and s.last_analyze is null and s.last_autoanalyze is null and s.n_mod_since_analyze >= ${ROWS}
    union all
    select c.relname::text
    from pg_class c
      join pg_inherits i on i.inhparent = c.oid
      join pg_stat_user_tables s on s.relid = i.inhrelid
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'p'
    group by c.relname, c.reltuples
    -- A tenth, as PostgreSQL has it for other tables.
    having abs(sum(s.n_live_tup) - greatest(c.reltuples, 0)) >= ${ROWS} + 0.1 * greatest(c.reltuples, 0)`.execute(
    db,
  );
  for (const { name } of rows) {
    signal.throwIfAborted();
    await sql`analyze ${sql.id(name)}`.execute(db);
  }
  return rows.length;
}
