import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../store/migrate.ts';

/** What the platform does by itself now and then; and erasures that no person asked for. */
export const housekeeping: SchemaStep = {
  name: '2026-11-22-1800-housekeeping',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table chores (
        name text primary key,
        every_seconds integer not null check (every_seconds > 0),
        due_at timestamptz not null default clock_timestamp(),
        holder uuid,
        lease_until timestamptz,
        started_at timestamptz,
        finished_at timestamptz,
        result jsonb,
        error jsonb,
        failures integer not null default 0,
        check ((holder is null) = (lease_until is null))
      )`.execute(db);
    await sql`alter table vault_erasures alter column erased_by drop not null`.execute(db);
  },
};
