import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../store/migrate.ts';

/** Who people are at the agency's provider of identities; people whom only it knows have no password here. */
export const oidc: SchemaStep = {
  name: '2026-11-22-1750-oidc',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table people alter column password drop not null`.execute(db);
    await sql`
      create table oidc_identities (
        issuer text not null check (issuer <> ''),
        subject text not null check (subject <> ''),
        person_id uuid not null references people,
        linked_at timestamptz not null,
        primary key (issuer, subject)
      )`.execute(db);
    await sql`create index oidc_identities_by_person on oidc_identities (person_id)`.execute(db);
  },
};
