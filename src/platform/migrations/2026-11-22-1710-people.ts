import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../store/migrate.ts';

/** People, their roles, second factors, sessions and tokens; failed sign-ins and refusals; the first-run code. */
export const people: SchemaStep = {
  name: '2026-11-22-1710-people',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table people (
        id uuid primary key,
        login text not null unique,
        name text not null,
        password text not null,
        password_version integer not null default 1,
        disabled_at timestamptz,
        created_at timestamptz not null
      )`.execute(db);
    // The star is every site and so no row of sites; the generated column lets the database check all others.
    await sql`
      create table grants (
        person_id uuid not null references people,
        site text not null,
        role text not null,
        granted_at timestamptz not null,
        site_id text generated always as (nullif(site, '*')) stored references sites,
        primary key (person_id, site, role)
      )`.execute(db);
    await sql`
      create table second_factors (
        person_id uuid primary key references people,
        secret bytea not null,
        algorithm text not null check (algorithm in ('sha1', 'sha256')),
        last_step integer not null,
        enrolled_at timestamptz not null
      )`.execute(db);
    await sql`
      create table recovery_codes (
        person_id uuid not null references people,
        code_hash text not null check (code_hash ~ '^[0-9a-f]{64}$'),
        primary key (person_id, code_hash)
      )`.execute(db);
    await sql`
      create table sessions (
        id uuid primary key,
        token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
        person_id uuid not null references people,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        seen_at timestamptz not null,
        proved_at timestamptz not null,
        second_factor_at timestamptz,
        banner_at timestamptz,
        enrol_secret bytea,
        enrol_algorithm text check (enrol_algorithm in ('sha1', 'sha256')),
        check ((enrol_secret is null) = (enrol_algorithm is null))
      )`.execute(db);
    await sql`create index sessions_by_person on sessions (person_id)`.execute(db);
    await sql`create index sessions_by_expiry on sessions (expires_at)`.execute(db);
    await sql`
      create table api_tokens (
        id uuid primary key,
        token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
        person_id uuid not null references people,
        name text not null,
        scopes text[] not null check (cardinality(scopes) > 0),
        created_at timestamptz not null,
        expires_at timestamptz not null,
        used_at timestamptz,
        revoked_at timestamptz
      )`.execute(db);
    await sql`create index api_tokens_by_person on api_tokens (person_id)`.execute(db);
    await sql`
      create table sign_in_counts (
        key text primary key,
        recent timestamptz[] not null,
        pauses integer not null,
        paused_until timestamptz,
        failed_at timestamptz not null
      )`.execute(db);
    await sql`create index sign_in_counts_by_time on sign_in_counts (failed_at)`.execute(db);
    await sql`
      create table refusals (
        id bigint generated always as identity primary key,
        kind text not null,
        address text not null,
        person_id uuid references people,
        at timestamptz not null
      )`.execute(db);
    await sql`create index refusals_by_time on refusals (at desc, id desc)`.execute(db);
    await sql`
      create table first_run (
        single boolean primary key default true check (single),
        code_hash text not null check (code_hash ~ '^[0-9a-f]{64}$'),
        expires_at timestamptz not null
      )`.execute(db);
  },
};
