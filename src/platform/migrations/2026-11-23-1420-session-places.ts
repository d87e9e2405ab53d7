import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../store/migrate.ts';

/** From where and by what a session was last used, so that people find those that are not theirs. */
export const sessionPlaces: SchemaStep = {
  name: '2026-11-23-1420-session-places',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table sessions add column address text, add column device text`.execute(db);
  },
};
