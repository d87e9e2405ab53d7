import { sql, type Kysely } from 'kysely';
import type { SchemaStep } from '../store/migrate.ts';

/** Words that the ledger only commits to, with the key of the commitment: deleting a row leaves the ledger as it was, and silent. */
export const ledgerWords: SchemaStep = {
  name: '2026-11-23-0500-ledger-words',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table ledger_words (
        commitment text primary key,
        key bytea not null check (length(key) = 32),
        words text not null
      )`.execute(db);
  },
};
