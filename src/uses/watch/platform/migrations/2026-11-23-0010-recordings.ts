import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../../../platform/store/migrate.ts';

/** What was recorded of cameras, and who looked at it. */
export const recordingsSchema: SchemaStep = {
  name: '2026-11-23-0010-recordings',
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string): Promise<unknown> => sql.raw(text).execute(db);
    await run(`
      create table watch_recorded (
        alert_id uuid not null references watch_alerts,
        kind text not null check (kind in ('clip', 'masked-still', 'masked-clip')),
        asset_id uuid not null references assets,
        about jsonb not null,
        primary key (alert_id, kind)
      )`);
    await run(`
      create table watch_segments (
        id uuid primary key,
        camera_id uuid not null references watch_cameras,
        from_at timestamptz not null,
        to_at timestamptz not null check (to_at >= from_at),
        codecs text not null,
        file text not null,
        bytes bigint not null,
        sha256 text not null,
        wrapped_key bytea not null
      )`);
    await run(`create index watch_segments_by_time on watch_segments (camera_id, from_at)`);
    await run(`
      create table watch_views (
        id uuid primary key,
        camera_id uuid not null references watch_cameras,
        what text not null check (what in ('live', 'recording', 'evidence')),
        about uuid,
        from_at timestamptz not null,
        until_at timestamptz not null,
        reason text not null,
        made_by uuid not null,
        at timestamptz not null
      )`);
    await run(`create index watch_views_by_camera on watch_views (camera_id, at)`);
  },
};
