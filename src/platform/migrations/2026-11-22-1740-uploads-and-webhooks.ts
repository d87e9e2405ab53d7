import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../store/migrate.ts';

/** Who is told of events. */
export const webhooks: SchemaStep = {
  name: '2026-11-22-1740-uploads-and-webhooks',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table webhooks (
        id uuid primary key,
        url text not null,
        kinds text[] not null check (cardinality(kinds) > 0),
        secret bytea not null,
        failures integer not null default 0,
        disabled_at timestamptz,
        created_by uuid not null,
        created_at timestamptz not null default now()
      )`.execute(db);
    await sql`
      create index jobs_by_webhook on jobs ((input ->> 'webhook'), created_at desc, id desc)
      where queue = 'platform.webhook'`.execute(db);
  },
};
