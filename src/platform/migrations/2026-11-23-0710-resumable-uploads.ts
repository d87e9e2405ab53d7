import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../store/migrate.ts';

/** Files that come in pieces, so that a restart ends none of them. */
export const resumableUploads: SchemaStep = {
  name: '2026-11-23-0710-resumable-uploads',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table uploads (
        id uuid primary key,
        case_id uuid not null references cases on delete cascade,
        person_id uuid not null,
        name text not null,
        metadata text not null,
        length bigint not null check (length >= 0),
        received bigint not null check (received between 0 and length),
        object text not null unique,
        keys bytea,
        tail bytea,
        opened integer not null,
        stored boolean not null default false,
        expires_at timestamptz not null
      )`.execute(db);
    // It was sealed, and is no text: there is nothing in it to compress.
    await sql`alter table uploads alter column tail set storage external`.execute(db);
    await sql`create index uploads_by_person on uploads (person_id) where not stored`.execute(db);
    await sql`create index uploads_by_expiry on uploads (expires_at)`.execute(db);
  },
};
