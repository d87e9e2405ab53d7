import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Selectable } from 'kysely';
import { planRetention, type LegalHold, type Segment } from '../../../media/live/record/index.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { Database } from '../../../platform/store/database.ts';
import { idOf } from './ids.ts';
import type { WatchSegmentsTable } from './recording-tables.ts';

const CIPHER = 'aes-256-ctr';
const KEY_BYTES = 32;
const IV_BYTES = 16;
const DAY_MS = 86_400_000;
/** What is kept around a picture under legal hold, milliseconds before and after it. */
const HELD_MS = 600_000;
/** Of a camera for which nothing is said. */
const USUAL_GIGABYTES = 100;
const contextOf = (id: string): string => `watch-segment:${id}`;

/** Folder of all that this machine records. */
export const recordingsFolder = ({ settings }: Platform): string =>
  join(settings.data, 'watch', 'recordings');

/**
 * Seals a recorded file and keeps its row. The plain file stays. Done twice, it is kept once: also when the process died
 * in between.
 */
export async function keepSegment(platform: Platform, cameraId: string, segment: Segment): Promise<void> {
  const { db, secrets } = platform;
  const id = idOf('segment', cameraId, String(segment.from));
  const known = await db.selectFrom('watch_segments').select('id').where('id', '=', id).executeTakeFirst();
  if (known !== undefined) return;
  const file = join(cameraId, 'sealed', new Date(segment.from).toISOString().slice(0, 10), id);
  const path = join(recordingsFolder(platform), file);
  const secret = randomBytes(KEY_BYTES + IV_BYTES);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const cipher = createCipheriv(CIPHER, secret.subarray(0, KEY_BYTES), secret.subarray(KEY_BYTES));
  await pipeline(
    createReadStream(segment.file),
    cipher,
    createWriteStream(path, { mode: 0o600, flush: true }),
  );
  const { codecs, bytes, sha256 } = segment;
  await db
    .insertInto('watch_segments')
    .values({
      ...{ id, camera_id: cameraId, from_at: new Date(segment.from), to_at: new Date(segment.to) },
      ...{ codecs, file, bytes, sha256, wrapped_key: secrets.wrap(secret, contextOf(id)) },
    })
    .onConflict((clash) => clash.column('id').doNothing())
    .execute();
}

type Row = Selectable<WatchSegmentsTable>;

/** Files of a camera that show any of a time; paths are below the folder of recordings. */
export async function segmentRows(db: Database, camera: string, from: Date, to: Date): Promise<Row[]> {
  return db
    .selectFrom('watch_segments')
    .selectAll()
    .where('camera_id', '=', camera)
    .where('to_at', '>', from)
    .where('from_at', '<', to)
    .orderBy('from_at')
    .execute();
}

export function toSegment(row: Row): Segment {
  return {
    ...{ camera: row.camera_id, from: row.from_at.getTime(), to: row.to_at.getTime() },
    ...{ codecs: row.codecs, file: row.file, bytes: Number(row.bytes), sha256: row.sha256 },
  };
}

/** The plain bytes; the stream fails when this machine does not have the file. */
export function openSegment(platform: Platform, { id, file, wrapped_key }: Row): Readable {
  const secret = platform.secrets.unwrap(wrapped_key, contextOf(id));
  const decipher = createDecipheriv(CIPHER, secret.subarray(0, KEY_BYTES), secret.subarray(KEY_BYTES));
  return createReadStream(join(recordingsFolder(platform), file)).compose(decipher) as Readable;
}

/**
 * Deletes what a camera's settings keep no longer: by age, then the oldest above its bytes. What lies within ten minutes
 * of a picture under legal hold stays.
 */
export async function sweepSegments(platform: Platform, cameraId: string): Promise<void> {
  const { db, now } = platform;
  const { recording } = await db
    .selectFrom('watch_cameras')
    .select('recording')
    .where('id', '=', cameraId)
    .executeTakeFirstOrThrow();
  const rows = await db.selectFrom('watch_segments').selectAll().where('camera_id', '=', cameraId).execute();
  const byFile = new Map(rows.map((row) => [row.file, row]));
  const policy = {
    maxAge: recording.continuousDays * DAY_MS,
    maxBytes: (recording.continuousGigabytes ?? USUAL_GIGABYTES) * 1e9,
    holds: await holdsOf(db, cameraId),
  };
  const plan = planRetention(rows.map(toSegment), policy, now().getTime());
  for (const { file } of plan.remove) {
    const row = byFile.get(file);
    // The key goes first: what is left of the file then is noise.
    await db
      .deleteFrom('watch_segments')
      .where('id', '=', row?.id ?? '')
      .execute();
    await rm(join(recordingsFolder(platform), file), { force: true });
  }
}

async function holdsOf(db: Database, cameraId: string): Promise<LegalHold[]> {
  const alerts = await db
    .selectFrom('watch_alerts')
    .innerJoin('assets', (join_) =>
      join_.on((eb) =>
        eb.or([
          eb('assets.id', '=', eb.ref('watch_alerts.snapshot')),
          eb('assets.id', '=', eb.ref('watch_alerts.clip')),
        ]),
      ),
    )
    .select('watch_alerts.at')
    .where('watch_alerts.camera_id', '=', cameraId)
    .where('assets.legal_hold', '=', true)
    .execute();
  return alerts.map(({ at }) => ({ from: at.getTime() - HELD_MS, to: at.getTime() + HELD_MS }));
}
