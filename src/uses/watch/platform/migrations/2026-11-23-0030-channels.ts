import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../../../platform/store/migrate.ts';

/** Where alerts are sent to outside the console, what waits to be sent, and how each attempt went. */
export const channelsSchema: SchemaStep = {
  name: '2026-11-23-0030-channels',
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string): Promise<unknown> => sql.raw(text).execute(db);
    await run(`
      create table watch_outputs (
        site_id text primary key references watch_sites,
        service_id uuid not null,
        seq bigint not null
      )`);
    await run(`
      create table watch_channels (
        id uuid primary key,
        site_id text not null references watch_outputs,
        name text not null,
        kind text not null,
        destination jsonb not null,
        secrets bytea not null,
        choice jsonb not null,
        enabled boolean not null,
        since timestamptz not null default now(),
        failures integer not null default 0,
        retry_at timestamptz,
        problem text,
        version integer not null default 1,
        changed_by uuid not null,
        created_at timestamptz not null default now()
      )`);
    await run(`create index watch_channels_by_site on watch_channels (site_id, created_at desc, id desc)`);
    await run(`
      create table watch_messages (
        id uuid primary key,
        seq bigint generated always as identity,
        channel_id uuid not null references watch_channels on delete cascade,
        about uuid not null,
        body jsonb not null,
        state text not null default 'waiting' check (state in ('waiting', 'sent', 'dead')),
        tries integer not null default 0,
        problem text,
        ended_at timestamptz,
        created_at timestamptz not null default now()
      ) with (fillfactor = 80)`);
    await run(
      `create index watch_messages_waiting on watch_messages (channel_id, seq) where state = 'waiting'`,
    );
    await run(`create index watch_messages_by_incident on watch_messages (channel_id, about, seq)`);
    await run(
      `create index watch_messages_by_channel on watch_messages (channel_id, created_at desc, id desc)`,
    );
    await run(`
      create table watch_attempts (
        id bigint generated always as identity primary key,
        channel_id uuid not null references watch_channels on delete cascade,
        at timestamptz not null,
        took_ms double precision not null,
        messages integer not null,
        arrived boolean not null,
        problem text
      )`);
    await run(`create index watch_attempts_by_channel on watch_attempts (channel_id, at)`);
    await run(`create index watch_alerts_by_creation on watch_alerts (created_at)`);
  },
};
