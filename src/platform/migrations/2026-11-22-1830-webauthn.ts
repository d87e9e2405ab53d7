import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../store/migrate.ts';

/** Passkeys and security keys, the challenges they sign, and how often a refusal was repeated. */
export const webauthn: SchemaStep = {
  name: '2026-11-22-1830-webauthn',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table passkeys (
        id uuid primary key,
        person_id uuid not null references people,
        credential_id text not null unique check (credential_id ~ '^[A-Za-z0-9_-]+$'),
        public_key bytea not null,
        algorithm integer not null,
        counter bigint not null check (counter between 0 and 4294967295),
        transports text[] not null,
        backed_up boolean not null,
        name text not null,
        created_at timestamptz not null,
        used_at timestamptz,
        suspended_at timestamptz
      )`.execute(db);
    await sql`create index passkeys_by_person on passkeys (person_id)`.execute(db);
    await sql`
      alter table sessions
        add column challenge text,
        add column challenge_for text check (challenge_for in ('enrol', 'prove')),
        add column challenge_until timestamptz`.execute(db);
    // Of sign-ins that begin with a passkey there is no session to hold the challenge; here are those that were answered.
    await sql`
      create table used_challenges (
        challenge_hash text primary key check (challenge_hash ~ '^[0-9a-f]{64}$'),
        expires_at timestamptz not null
      )`.execute(db);
    // Refusals beyond a number for each source and minute are counted in one row, whose kind is 'more'.
    await sql`alter table refusals add column count integer not null default 1`.execute(db);
    await sql`alter table refusals add column source text not null default ''`.execute(db);
    await sql`create index refusals_by_source on refusals (source, at)`.execute(db);
    await sql`create unique index refusals_more on refusals (source, at) where kind = 'more'`.execute(db);
  },
};
