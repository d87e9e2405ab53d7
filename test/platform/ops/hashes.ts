import { sql } from 'kysely';
import type { Database } from '../../../src/platform/store/database.ts';

/** Number of rows and hash of every table, partitions one by one. */
export async function hashes(db: Database): Promise<Record<string, string>> {
  const { rows } = await sql<{ name: string }>`
    select relname::text as name from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not like 'kysely%'`.execute(db);
  const found: Record<string, string> = {};
  for (const { name } of rows) {
    const { rows: sums } = await sql<{ sum: string }>`
      select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text collate "C")), '') as sum
      from ${sql.id(name)} t`.execute(db);
    found[name] = sums[0]?.sum ?? '';
  }
  return found;
}
