import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../platform/store/migrate.ts';

/** The hash tree over the ledger, and what was signed of it. */
export const logStep: SchemaStep = {
  name: '2026-11-22-1900-log',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table ledger_tiles (
        level smallint not null,
        tile bigint not null,
        hashes bytea not null check (length(hashes) between 32 and 8192 and length(hashes) % 32 = 0),
        primary key (level, tile)
      )`.execute(db);
    await sql`
      create table ledger_heads (
        size bigint primary key,
        root bytea not null check (length(root) = 32),
        note text not null,
        signed_at timestamptz not null
      )`.execute(db);
    // What happened to a case or an asset is asked for on its page.
    for (const what of ['case', 'asset'])
      await sql`
        create index ${sql.id(`ledger_by_${what}`)} on ledger ((event -> 'subjects' ->> ${sql.lit(what)}), index desc)
        where event -> 'subjects' ->> ${sql.lit(what)} is not null`.execute(db);
    await sql`
      create trigger ledger_heads_append_only before update or delete or truncate on ledger_heads
      for each statement execute function ledger_is_append_only()`.execute(db);
  },
};
