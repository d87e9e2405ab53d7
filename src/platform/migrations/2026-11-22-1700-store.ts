import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../store/migrate.ts';

/** Sites, cases, assets, jobs, observations with their hours, findings, decisions, releases. */
export const store: SchemaStep = {
  name: '2026-11-22-1700-store',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table sites (
        id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
        name text not null,
        time_zone text not null,
        created_at timestamptz not null default now()
      )`.execute(db);
    await sql`
      create table cases (
        id uuid primary key,
        site_id text not null references sites,
        use text not null,
        title text not null,
        owner_id uuid not null,
        state text not null default 'open' check (state in ('open', 'closed')),
        due_at timestamptz,
        created_at timestamptz not null default now(),
        closed_at timestamptz,
        version integer not null default 1
      )`.execute(db);
    await sql`create index cases_by_site on cases (site_id, created_at desc, id desc)`.execute(db);
    await sql`
      create table assets (
        id uuid primary key,
        site_id text not null references sites,
        case_id uuid not null references cases,
        name text not null,
        media_type text not null,
        bytes bigint not null check (bytes >= 0),
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        derived_from uuid references assets,
        role text not null check (role in ('original', 'output', 'record', 'proxy', 'thumbnail', 'waveform')),
        retention text not null default 'case',
        legal_hold boolean not null default false,
        created_by uuid not null,
        created_at timestamptz not null default now(),
        erased_at timestamptz
      )`.execute(db);
    await sql`create index assets_by_case on assets (case_id, created_at desc, id desc)`.execute(db);
    await sql`create index assets_by_source on assets (derived_from)`.execute(db);
    await sql`
      create table jobs (
        id uuid primary key,
        site_id text not null references sites,
        queue text not null,
        use text not null,
        case_id uuid references cases,
        input jsonb not null,
        state text not null default 'queued'
          check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
        attempt integer not null default 0,
        progress jsonb,
        result jsonb,
        error jsonb,
        created_by uuid not null,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        finished_at timestamptz
      )`.execute(db);
    await sql`create index jobs_by_site on jobs (site_id, created_at desc, id desc)`.execute(db);
    await sql`create index jobs_by_case on jobs (case_id, created_at desc, id desc)`.execute(db);
    // Partitioned from the start: what is large later cannot be partitioned without rewriting it.
    await sql`
      create table observations (
        id bigint generated always as identity,
        site_id text not null,
        asset_id uuid,
        camera_id uuid,
        seen_at timestamptz not null,
        at double precision not null,
        class text not null,
        score real not null check (score between 0 and 1),
        box jsonb not null,
        track text,
        text text,
        model text not null,
        model_digest text not null,
        primary key (seen_at, id)
      ) partition by range (seen_at)`.execute(db);
    // For who works at one site, and for who works at all of them.
    for (const [name, columns] of [
      ['observations_by_site', 'site_id, class'],
      ['observations_by_class', 'class'],
    ] as const)
      await sql`
        create index ${sql.id(name)} on observations (${sql.raw(columns)}, seen_at desc, id desc) include (score)`.execute(
        db,
      );
    await sql`create index observations_by_asset on observations (asset_id, at)`.execute(db);
    await sql`create table observations_other partition of observations default`.execute(db);
    await sql`
      create table observation_hours (
        site_id text not null,
        hour timestamptz not null,
        class text not null,
        count bigint not null,
        primary key (site_id, hour, class)
      )`.execute(db);
    await sql`
      create table findings (
        id uuid primary key,
        site_id text not null references sites,
        case_id uuid references cases,
        use text not null,
        kind text not null,
        score real check (score between 0 and 1),
        reasons jsonb not null,
        evidence jsonb not null,
        models jsonb not null,
        created_at timestamptz not null default now()
      )`.execute(db);
    await sql`create index findings_by_site on findings (site_id, created_at desc, id desc)`.execute(db);
    await sql`create index findings_by_case on findings (case_id, created_at desc, id desc)`.execute(db);
    await sql`
      create table decisions (
        id uuid primary key,
        finding_id uuid not null references findings,
        disposition text not null,
        reason text not null,
        decided_by uuid not null,
        created_at timestamptz not null default now()
      )`.execute(db);
    await sql`create index decisions_by_finding on decisions (finding_id, created_at desc, id desc)`.execute(
      db,
    );
    await sql`
      create table releases (
        id uuid primary key,
        case_id uuid not null references cases,
        asset_id uuid not null references assets,
        recipient text not null,
        basis text not null,
        released_by uuid not null,
        created_at timestamptz not null default now()
      )`.execute(db);
    await sql`create index releases_by_case on releases (case_id, created_at desc, id desc)`.execute(db);
  },
};
