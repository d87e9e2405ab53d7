import { sql, type ColumnType, type Selectable } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';
import type { WrappedStore } from '../secrets/rotate.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import { keyContext, type DraftState } from '../vault/draft.ts';

/** An upload in pieces. */
export interface UploadsTable {
  /** Also the id of the asset that it becomes. */
  readonly id: string;
  readonly case_id: string;
  /** Who began it. */
  readonly person_id: string;
  readonly name: string;
  /** `Upload-Metadata`, as the client sent it. */
  readonly metadata: string;
  readonly length: ColumnType<number, number, never>;
  /** Bytes that are on the disk for good. */
  received: ColumnType<number, number, number>;
  readonly object: string;
  keys: Buffer | null;
  tail: Buffer | null;
  /** How often a process took it up: only the last one writes. */
  opened: number;
  stored: ColumnType<boolean, boolean | undefined, boolean>;
  expires_at: Date;
}

declare module '../store/tables.ts' {
  interface Tables {
    uploads: UploadsTable;
  }
}

export type UploadRow = Selectable<UploadsTable>;

/** Each holds a file, and a quarter of a megabyte of memory. */
const MOST = 200;
const MOST_OF_A_PERSON = 20;
/** Any number will do, as long as it is the same everywhere. */
const ROOM_LOCK = 7_210_415;

/**
 * Writes a new upload. Of a person who has too many, the one that rested longest gives way, if it ends before
 * `giveWayBefore` anyway.
 * @throws TidewaiterError `E_UPLOADS_OPEN`.
 */
export async function addUpload(db: Database, row: UploadRow, now: Date, giveWayBefore: Date): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${ROOM_LOCK})`.execute(tx);
    const open = await tx
      .selectFrom('uploads')
      .select(['id', 'person_id', 'expires_at'])
      .where('stored', '=', false)
      .where('expires_at', '>', now)
      .orderBy('expires_at')
      .execute();
    const own = open.filter(({ person_id: person }) => person === row.person_id);
    const [oldest] = own;
    if (own.length >= MOST_OF_A_PERSON && oldest !== undefined && oldest.expires_at < giveWayBefore)
      await tx.deleteFrom('uploads').where('id', '=', oldest.id).execute();
    else if (own.length >= MOST_OF_A_PERSON || open.length >= MOST)
      throw new TidewaiterError(
        'E_UPLOADS_OPEN',
        own.length < MOST_OF_A_PERSON
          ? `${MOST} uploads are open`
          : `You have ${MOST_OF_A_PERSON} open uploads`,
        'Finish or end some first; one that nothing came for in an hour gives way.',
      );
    await tx.insertInto('uploads').values(row).execute();
  });
}

export async function findUpload(db: Database, id: string): Promise<UploadRow | undefined> {
  return db.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Of several processes that take an upload up at once, one is let. @returns whether it is this one. */
export async function takeUp(db: Database, { id, opened }: UploadRow, state: DraftState): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('uploads')
    .set({ opened: opened + 1, keys: state.keys, received: state.offset, tail: state.tail })
    .where('id', '=', id)
    .where('opened', '=', opened)
    .where('stored', '=', false)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** @returns whether it is still there, and this process is still the one that writes. */
export async function keepProgress(
  db: Database,
  { id, opened }: Pick<UploadRow, 'id' | 'opened'>,
  { offset, tail }: DraftState,
  expiresAt: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('uploads')
    .set({ received: offset, tail, expires_at: expiresAt })
    .where('id', '=', id)
    .where('opened', '=', opened)
    .where('stored', '=', false)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** It has become an asset: written with the rows of that. @returns whether it was still there. */
export async function keepStored(tx: DatabaseTransaction, id: string, expiresAt: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('uploads')
    .set(({ ref }) => ({
      stored: true,
      received: ref('length'),
      keys: null,
      tail: null,
      expires_at: expiresAt,
    }))
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function removeUpload(db: Database, id: string): Promise<void> {
  await db.deleteFrom('uploads').where('id', '=', id).execute();
}

/** Removes uploads whose time is over, but for some. @returns what was removed. */
export async function removeExpired(
  db: Database,
  now: Date,
  except: readonly string[],
): Promise<Pick<UploadRow, 'id' | 'object'>[]> {
  return db
    .deleteFrom('uploads')
    .where('expires_at', '<=', now)
    .where(({ not, eb, val }) => not(eb('id', '=', sql<string>`any(${val(except)}::uuid[])`)))
    .returning(['id', 'object'])
    .execute();
}

/** Which of these are files of open uploads. */
export async function knownDrafts(db: Database, objects: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('uploads')
    .select('object')
    .where('stored', '=', false)
    .where('object', 'in', objects)
    .execute();
  return new Set(rows.map(({ object }) => object));
}

/** The keys of open uploads, for the rotation of the master key. */
export const wrappedDraftKeys: WrappedStore = {
  name: 'uploads',
  rewrap: async (tx, again) => {
    const rows = await tx
      .selectFrom('uploads')
      .select(['id', 'keys'])
      .where('keys', 'is not', null)
      .forUpdate()
      .execute();
    let count = 0;
    for (const { id, keys } of rows) {
      const fresh = keys === null ? undefined : await again(keys, keyContext(id));
      if (fresh === undefined) continue;
      await tx.updateTable('uploads').set({ keys: fresh }).where('id', '=', id).execute();
      count++;
    }
    return count;
  },
};
