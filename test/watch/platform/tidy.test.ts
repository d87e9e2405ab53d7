import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { sql } from 'kysely';
import { forgetOld } from '../../../src/uses/watch/platform/clock-service.ts';
import { openHouse } from '../../platform/attack/house.ts';
import { newWatchThings } from '../../platform/attack/watch-things.ts';

test('what is kept no longer is found by its age: rows that are kept are not read', async () => {
  const { platform } = await openHouse();
  const { db } = platform;
  const by = randomUUID();
  for (const site of ['pier', 'quay']) {
    const caseId = randomUUID();
    await db
      .insertInto('cases')
      .values({ id: caseId, site_id: site, use: 'watch', title: 'Watch', owner_id: by, state: 'open' })
      .execute();
    const { cameraId } = await newWatchThings(db, { site, by, caseId });
    const run = randomUUID();
    await db
      .insertInto('watch_runs')
      .values({ id: run, camera_id: cameraId, generation: 1, started_at: new Date() })
      .execute();
    // Two of each are older than their class keeps them.
    await sql`
      insert into watch_tracks
      select gen_random_uuid(), ${site}, ${cameraId}, ${run}, 1, t, t + interval '1 minute', 64, 48, 60, '\\x00'
      from generate_series(now() - interval '30 days 5 minutes', now(), interval '4 minutes') t`.execute(db);
    await sql`
      insert into watch_alerts (id, site_id, camera_id, at, rule, severity, suppressed, test, alert, created_at)
      select gen_random_uuid(), ${site}, ${cameraId}, t, 'dock', 'low', 'site open', false, '{}', t
      from generate_series(now() - interval '90 days 15 minutes', now(), interval '12 minutes') t`.execute(
      db,
    );
    await sql`
      insert into watch_events (site_id, kind, about, at)
      select ${site}, 'incident', gen_random_uuid(), t
      from generate_series(now() - interval '7 days 90 seconds', now(), interval '1 minute') t`.execute(db);
  }
  await sql`analyze watch_tracks, watch_alerts, watch_events`.execute(db);
  const count = async (table: 'watch_tracks' | 'watch_events', site: string): Promise<number> =>
    (await db.selectFrom(table).select('site_id').where('site_id', '=', site).execute()).length;
  const counts = async (): Promise<number[]> => [
    ...[await count('watch_tracks', 'pier'), await count('watch_tracks', 'quay')],
    ...[await count('watch_events', 'pier'), await count('watch_events', 'quay')],
  ];
  const before = await counts();

  await db.transaction().execute(async (tx) => {
    const scans = async () => {
      const { rows } = await sql<{ name: string; scans: number }>`
        select relname as name, seq_scan::int as scans from pg_stat_xact_user_tables
        where relname in ('watch_tracks', 'watch_alerts', 'watch_events') order by relname`.execute(tx);
      return rows;
    };
    const read = await scans();
    assert.equal(await forgetOld({ ...platform, db: tx }, 'pier'), 2);
    assert.deepEqual(await scans(), read, 'no table is read from end to end');
    const { rows } = await sql<{ fetched: number }>`
      select idx_tup_fetch::int as fetched from pg_stat_xact_user_tables
      where relname = 'watch_events'`.execute(tx);
    assert.ok(rows[0]!.fetched < 20, `${rows[0]!.fetched} events read`);
  });
  const [tracks, otherTracks, events, otherEvents] = before;
  assert.deepEqual(await counts(), [tracks! - 2, otherTracks, events! - 2, otherEvents]);
});
