import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../platform/store/migrate.ts';

/** Drift is looked for every half minute: whether anything came since, and what came within days, must be found by an index. */
export const driftNewsStep: SchemaStep = {
  name: '2026-11-23-0720-drift-news',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index findings_by_use on findings (use, created_at)`.execute(db);
    await sql`create index decisions_by_time on decisions (created_at)`.execute(db);
  },
};
