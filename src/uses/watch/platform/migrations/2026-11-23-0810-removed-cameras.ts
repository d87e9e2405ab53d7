import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../../../platform/store/migrate.ts';

/** A camera that was removed keeps its row, as its incidents name it; its place in the site file is free again. */
export const removedCamerasSchema: SchemaStep = {
  name: '2026-11-23-0810-removed-cameras',
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (text: string): Promise<unknown> => sql.raw(text).execute(db);
    await run('alter table watch_cameras add column removed_at timestamptz, add column removed_why text');
    await run('alter table watch_cameras drop constraint watch_cameras_site_id_slot_key');
    await run(`
      create unique index watch_cameras_site_id_slot_key on watch_cameras (site_id, slot)
      where removed_at is null`);
  },
};
