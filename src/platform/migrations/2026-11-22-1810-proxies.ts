import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../store/migrate.ts';

/** What was made of assets so that a browser can show them. */
export const proxies: SchemaStep = {
  name: '2026-11-22-1810-proxies',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table proxies (
        asset_id uuid not null references assets,
        kind text not null check (kind <> ''),
        version integer not null check (version > 0),
        view_id uuid not null unique references assets,
        made_at timestamptz not null,
        primary key (asset_id, kind)
      )`.execute(db);
    await sql`
      create index jobs_by_proxied on jobs ((input ->> 'asset'), created_at desc, id desc)
      where queue = 'platform.proxy'`.execute(db);
  },
};
