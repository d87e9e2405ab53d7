import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../store/migrate.ts';

/** What administrators reset for people who could not sign in: who asked, why, and what came of it. */
export const personResets: SchemaStep = {
  name: '2026-11-23-1410-person-resets',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table person_resets (
        id uuid primary key,
        person_id uuid not null references people,
        what text not null check (what in ('password', 'second-factor')),
        reason text not null,
        asked_by uuid not null references people,
        asked_at timestamptz not null,
        code_hash text unique check (code_hash ~ '^[0-9a-f]{64}$'),
        expires_at timestamptz,
        used_at timestamptz,
        signed_in_at timestamptz,
        check (asked_by <> person_id)
      )`.execute(db);
    await sql`create index person_resets_by_person on person_resets (person_id, asked_at)`.execute(db);
  },
};
