import { sql } from 'kysely';
import type { Database, DatabaseTransaction } from '../../../platform/store/database.ts';
import type { TrackBatch } from '../back-test/track-batch.ts';
import { idOf } from './ids.ts';
import type { RunOf } from './ingest.ts';
import './tracks-tables.ts';

/** A batch with whose it is. */
export interface KeptBatch extends TrackBatch {
  readonly run: string;
}

/** Batches that are in memory at a time. */
const PAGE = 30;

/** Keeps what a run of a camera followed; done twice, it is kept once. */
export async function keepTracks(tx: DatabaseTransaction, run: RunOf, batch: TrackBatch): Promise<void> {
  const { segment, picture, from, to, looks, packed } = batch;
  await tx
    .insertInto('watch_tracks')
    .values({
      ...{ id: idOf('tracks', run.id, String(segment), String(from)), site_id: run.siteId },
      ...{ camera_id: run.cameraId, run_id: run.id, segment, looks, ...picture },
      ...{ from_at: new Date(from), to_at: new Date(to), packed: Buffer.from(packed, 'base64') },
    })
    .onConflict((clash) => clash.column('id').doNothing())
    .execute();
}

/** What a camera followed in a period, in order of time, a page at a time: a period may be long. */
export async function* tracksOf(
  db: Database,
  camera: string,
  from: Date,
  to: Date,
): AsyncGenerator<KeptBatch> {
  for (let after: { at: Date; id: string } | undefined; ;) {
    let wanted = db
      .selectFrom('watch_tracks')
      .selectAll()
      .where('camera_id', '=', camera)
      .where('to_at', '>=', from)
      .where('from_at', '<', to);
    if (after !== undefined) {
      const { at, id } = after;
      wanted = wanted.where(sql<boolean>`(from_at, id) > (${at}, ${id})`);
    }
    const rows = await wanted.orderBy('from_at').orderBy('id').limit(PAGE).execute();
    for (const row of rows)
      yield {
        ...{ run: row.run_id, segment: row.segment, looks: row.looks },
        picture: { width: row.width, height: row.height },
        ...{ from: row.from_at.getTime(), to: row.to_at.getTime(), packed: row.packed.toString('base64') },
      };
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = { at: last.from_at, id: last.id };
  }
}

/** Forgets what its retention class keeps no longer. */
export async function forgetTracks(db: Database, siteId: string, at: Date): Promise<void> {
  const since = await keptSince(db, 'watch-tracks', at);
  await db.deleteFrom('watch_tracks').where('site_id', '=', siteId).where('from_at', '<=', since).execute();
}

/**
 * What came before it is kept no longer. Asked for by itself: a database that knows the moment finds what is older by an
 * index, and one that would have to reckon it for each row reads them all.
 */
export async function keptSince(db: Database, retentionClass: string, at: Date): Promise<Date> {
  const { rows } = await sql<{ since: Date }>`
    select ${at}::timestamptz - days * interval '24 hours' as since
    from retention_classes where name = ${retentionClass}`.execute(db);
  return rows[0]!.since;
}
