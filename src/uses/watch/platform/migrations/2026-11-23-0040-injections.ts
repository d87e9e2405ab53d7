import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../../../platform/store/migrate.ts';

/** Known clips that are played beside cameras, and how each went. No route of an operator reads these tables. */
export const injectionsSchema: SchemaStep = {
  name: '2026-11-23-0040-injections',
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string): Promise<unknown> => sql.raw(text).execute(db);
    await run(`
      create table watch_injectors (
        site_id text primary key references watch_sites,
        service_id uuid not null
      )`);
    await run(`
      create table watch_injection_plans (
        id uuid primary key,
        site_id text not null references watch_injectors,
        camera_id uuid not null references watch_cameras,
        asset_id uuid not null references assets,
        rule text not null,
        within_seconds integer not null check (within_seconds > 0),
        every_hours integer check (every_hours > 0),
        from_hour integer check (from_hour between 0 and 23),
        to_hour integer check (to_hour between 0 and 23),
        reason text not null,
        next_at timestamptz,
        problem text,
        made_by uuid not null,
        created_at timestamptz not null default now(),
        ended_by uuid,
        ended_at timestamptz,
        check ((from_hour is null) = (to_hour is null))
      )`);
    await run(
      `create index watch_injection_plans_by_site on watch_injection_plans (site_id, created_at desc, id desc)`,
    );
    await run(`
      create table watch_injections (
        run_id uuid primary key references watch_runs,
        plan_id uuid not null references watch_injection_plans,
        site_id text not null,
        camera_id uuid not null,
        played_at timestamptz not null,
        state text not null check (state in ('playing', 'detected', 'undetected', 'not armed', 'failed')),
        latency double precision,
        incident_id uuid references watch_incidents,
        problem text
      )`);
    await run(`create index watch_injections_by_site on watch_injections (site_id, played_at)`);
    // The finding of a test lies with the seeded ones; that of a real incident must be there, as before.
    await run(`
      alter table watch_incidents drop constraint watch_incidents_id_fkey,
        add column finding_id uuid generated always as (case when test then null else id end) stored references findings`);
    await run(`create index watch_incidents_tests on watch_incidents (site_id, due_at) where test`);
  },
};
