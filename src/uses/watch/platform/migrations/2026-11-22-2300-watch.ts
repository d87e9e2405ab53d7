import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../../../platform/store/migrate.ts';

/** Sites and cameras that are watched, what they told, and what people did about it. */
export const watchSchema: SchemaStep = {
  name: '2026-11-22-2300-watch',
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string): Promise<unknown> => sql.raw(text).execute(db);
    await run(`
      insert into retention_classes (name, days, counts_from, description) values
        ('watch-picture', 30, 'created', 'Pictures and clips of alerts: 30 days.'),
        ('watch-incident', 2190, 'created', 'Pictures and clips of incidents that people confirmed or escalated: six years.'),
        ('watch-alert', 90, 'created', 'Alerts that no operator was shown: 90 days.')`);
    await run(`
      create table watch_sites (
        site_id text primary key references sites,
        case_id uuid not null references cases,
        version integer not null check (version > 0),
        clocks jsonb not null
      )`);
    await run(`
      create table watch_site_files (
        site_id text not null references watch_sites,
        version integer not null check (version > 0),
        text text not null,
        made_by uuid not null,
        made_at timestamptz not null,
        primary key (site_id, version)
      )`);
    await run(`
      create table watch_cameras (
        id uuid primary key,
        site_id text not null references watch_sites,
        slot text not null,
        name text not null,
        source jsonb not null,
        detect jsonb,
        credentials bytea,
        recording jsonb not null,
        enabled boolean not null,
        service_id uuid not null,
        state text not null default 'off' check (state in ('off', 'connecting', 'seeing', 'blind')),
        why text,
        since timestamptz not null default now(),
        generation integer not null default 0,
        version integer not null default 1,
        changed_by uuid not null,
        created_at timestamptz not null default now(),
        unique (site_id, slot)
      )`);
    await run(`
      create table watch_runs (
        id uuid primary key,
        camera_id uuid not null references watch_cameras,
        generation integer not null,
        delivered bigint not null default 0,
        started_at timestamptz not null
      )`);
    await run(`
      create table watch_spans (
        id bigint generated always as identity primary key,
        run_id uuid not null references watch_runs,
        camera_id uuid not null references watch_cameras,
        started_at timestamptz not null,
        until timestamptz not null check (until >= started_at),
        seeing boolean not null,
        why text not null,
        open boolean not null
      ) with (fillfactor = 70)`);
    await run(`create unique index watch_spans_open on watch_spans (run_id) where open`);
    await run(`create index watch_spans_by_camera on watch_spans (camera_id, started_at)`);
    await run(`
      create table watch_incidents (
        id uuid primary key references findings,
        site_id text not null references watch_sites,
        camera_id uuid not null references watch_cameras,
        severity text not null check (severity in ('low', 'medium', 'high')),
        state text not null default 'new'
          check (state in ('new', 'acknowledged', 'confirmed', 'dismissed', 'escalated', 'closed')),
        test boolean not null,
        started_at timestamptz not null,
        last_alert_at timestamptz not null,
        over boolean not null default false,
        rules text[] not null,
        tracks text[] not null,
        due_at timestamptz not null,
        acknowledged_by uuid,
        acknowledged_at timestamptz,
        outcome text check (outcome in ('confirmed', 'dismissed')),
        dismissal text check (dismissal in
          ('animal', 'weather', 'lights', 'authorised', 'shadow', 'insect', 'other')),
        escalated_to text,
        escalated_at timestamptz,
        closed_at timestamptz,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        check ((acknowledged_by is null) = (acknowledged_at is null)),
        check ((escalated_to is null) = (escalated_at is null)),
        check (outcome = 'dismissed' or dismissal is null)
      )`);
    await run(`create index watch_incidents_by_site on watch_incidents (site_id, created_at desc, id desc)`);
    await run(
      `create index watch_incidents_waiting on watch_incidents (due_at) where state = 'new' and acknowledged_by is null`,
    );
    await run(`
      create table watch_overrides (
        id uuid primary key,
        site_id text not null references watch_sites,
        camera_id uuid references watch_cameras,
        zone text,
        state text not null check (state in ('armed', 'disarmed')),
        reason text not null,
        from_at timestamptz not null,
        until_at timestamptz not null check (until_at > from_at),
        made_by uuid not null,
        created_at timestamptz not null default now(),
        ended_by uuid,
        ended_at timestamptz,
        check (zone is null or camera_id is not null and state = 'disarmed')
      )`);
    await run(`create index watch_overrides_by_site on watch_overrides (site_id, until_at)`);
    await run(`
      create table watch_alerts (
        id uuid primary key,
        site_id text not null references watch_sites,
        camera_id uuid not null references watch_cameras,
        incident_id uuid references watch_incidents,
        at timestamptz not null,
        rule text not null,
        severity text not null,
        suppressed text,
        override_id uuid references watch_overrides,
        test boolean not null,
        alert jsonb not null,
        snapshot uuid references assets,
        clip uuid references assets,
        created_at timestamptz not null default now(),
        check ((incident_id is null) = (suppressed is not null))
      )`);
    await run(`create index watch_alerts_by_site on watch_alerts (site_id, created_at desc, id desc)`);
    await run(`create index watch_alerts_by_incident on watch_alerts (incident_id)`);
    await run(`create index watch_alerts_by_time on watch_alerts (camera_id, at)`);
    await run(`
      create table watch_steps (
        id uuid primary key,
        incident_id uuid not null references watch_incidents,
        step text not null,
        made_by uuid,
        note text,
        facts jsonb not null,
        at timestamptz not null
      )`);
    await run(`create index watch_steps_by_incident on watch_steps (incident_id, at)`);
    await run(`
      create table watch_pictures (
        asset_id uuid primary key references assets,
        wrapped_key bytea not null,
        media_type text not null,
        sha256 text not null
      )`);
    await run(`
      create table watch_reveals (
        id bigint generated always as identity primary key,
        alert_id uuid not null,
        asset_id uuid not null references assets,
        what text not null,
        reason text not null,
        made_by uuid not null,
        at timestamptz not null
      )`);
    await run(`
      create table watch_events (
        seq bigint generated always as identity primary key,
        site_id text not null references watch_sites,
        kind text not null,
        about uuid not null,
        at timestamptz not null default clock_timestamp()
      )`);
    await run(`create index watch_events_by_site on watch_events (site_id, seq)`);
  },
};
