import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../../../platform/store/migrate.ts';

/** What cameras followed, to run other rules over it; and what was learned from dismissals. */
export const learningSchema: SchemaStep = {
  name: '2026-11-23-0020-learning',
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string): Promise<unknown> => sql.raw(text).execute(db);
    await run(`
      insert into retention_classes (name, days, counts_from, description) values
        ('watch-tracks', 30, 'created', 'Boxes of what cameras followed, without pictures: 30 days.')`);
    await run(`
      create table watch_tracks (
        id uuid primary key,
        site_id text not null references watch_sites,
        camera_id uuid not null references watch_cameras,
        run_id uuid not null references watch_runs,
        segment integer not null,
        from_at timestamptz not null,
        to_at timestamptz not null,
        width integer not null,
        height integer not null,
        looks integer not null,
        packed bytea not null
      )`);
    await run(`alter table watch_alerts add column run_id uuid references watch_runs`);
    await run(`create index watch_tracks_by_camera on watch_tracks (camera_id, from_at, id)`);
    await run(`create index watch_tracks_by_site on watch_tracks (site_id, from_at)`);
    await run(`
      create table watch_suppressions (
        id uuid primary key,
        site_id text not null references watch_sites,
        camera_id uuid not null references watch_cameras,
        condition jsonb not null,
        state text not null check (state in ('proposed', 'approved', 'declined', 'ended')),
        evidence jsonb not null,
        proposed_by uuid not null,
        created_at timestamptz not null,
        decided_by uuid,
        decided_at timestamptz,
        reason text,
        expires_at timestamptz,
        ended_by uuid,
        ended_at timestamptz,
        end_reason text,
        flagged_at timestamptz,
        flagged_incident uuid references watch_incidents,
        check ((state = 'proposed') = (decided_at is null)),
        check (state not in ('approved', 'ended') or expires_at is not null)
      )`);
    await run(
      `create index watch_suppressions_by_site on watch_suppressions (site_id, created_at desc, id desc)`,
    );
    await run(
      `create index watch_suppressions_in_force on watch_suppressions (camera_id) where state = 'approved'`,
    );
  },
};
