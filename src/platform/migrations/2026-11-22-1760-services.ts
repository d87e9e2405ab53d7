import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../store/migrate.ts';

/** Work that does not end, and the processes that do it. */
export const services: SchemaStep = {
  name: '2026-11-22-1760-services',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table services (
        id uuid primary key,
        site_id text not null references sites,
        use text not null,
        kind text not null,
        settings jsonb not null,
        version integer not null default 1,
        wanted text not null default 'running' check (wanted in ('running', 'stopped')),
        state text not null default 'waiting' check (state in ('waiting', 'running', 'failed', 'stopped')),
        owner uuid,
        lease_until timestamptz,
        heartbeat_at timestamptz,
        generation integer not null default 0,
        started_at timestamptz,
        retry_at timestamptz,
        failures integer not null default 0,
        restarts integer not null default 0,
        last_error jsonb,
        note jsonb,
        created_by uuid not null,
        created_at timestamptz not null default now(),
        check ((owner is null) = (lease_until is null))
      )`.execute(db);
    await sql`create index services_by_site on services (site_id, created_at desc, id desc)`.execute(db);
    await sql`
      create table service_runners (
        id uuid primary key,
        capacity integer not null check (capacity > 0),
        kinds jsonb not null,
        alive_until timestamptz not null
      )`.execute(db);
  },
};
