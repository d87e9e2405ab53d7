import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { TidewaiterError } from '../../core/errors.ts';
import type { MasterKey } from '../secrets/master-key.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import { Draft, type DraftOrder } from './draft.ts';
import { eraseAsset, type Erasure, type ErasureReason } from './erase.ts';
import { vaultDamaged, vaultErased, vaultExists, vaultMissing } from './errors.ts';
import { decodeKeys, encodeKeys, type ObjectKeys } from './object-keys.ts';
import { newObjectName, type ObjectStore } from './object-store.ts';
import { keyContext } from './rewrap.ts';
import { seal, type PutLimits, type Stored } from './seal.ts';
import { sweepVault, type Swept } from './sweep.ts';
import type {} from './tables.ts';
import { unseal } from './unseal.ts';

/** Keeps the bytes of assets: each sealed with a key of its own, written once, gone when its key is. */
export interface Vault {
  /**
   * Stores an asset in one pass, in constant memory.
   * @param assetId a UUID that was never used before.
   * @param source destroy it to give up; it is not destroyed when it is refused, so that its sender can be answered.
   * @param record writes the row of the asset; what is stored and what is recorded become true together.
   * @throws TidewaiterError `E_VAULT_EXISTS`, `E_TOO_LARGE`, `E_NO_SPACE`, `E_CANCELLED` (the source broke off),
   *   `E_VAULT_ERASED` (what it was made from was erased meanwhile), `E_MASTER_KEY`. Nothing is left then.
   */
  put(
    assetId: string,
    source: AsyncIterable<Uint8Array>,
    limits: PutLimits,
    record: (tx: DatabaseTransaction, stored: Stored) => Promise<void>,
  ): Promise<Stored>;
  /** Begins an asset that comes in pieces, or goes on with one: see {@link Draft.open}. */
  draft(order: DraftOrder): Promise<Draft | undefined>;
  /**
   * Makes the asset of a whole draft, which is closed and gone then. When it fails the draft is as it was.
   * @throws TidewaiterError as {@link put}; `E_VAULT_DAMAGED`.
   */
  complete(draft: Draft, record: (tx: DatabaseTransaction, stored: Stored) => Promise<void>): Promise<Stored>;
  /**
   * Plain bytes `start` to before `end`; all without a range. Of a large asset only what the range needs is read.
   * @throws TidewaiterError `E_VAULT_MISSING`, `E_VAULT_ERASED`, `E_VAULT_RANGE`, `E_MASTER_KEY`, `E_VAULT_DAMAGED`; the
   *   stream too fails with the last.
   */
  open(assetId: string, range?: { readonly start: number; readonly end?: number }): Promise<Readable>;
  /** Reads all of an asset and compares it with what was stored. @throws TidewaiterError as {@link open}. */
  verify(assetId: string): Promise<Stored>;
  /** See {@link eraseAsset}. */
  erase(tx: DatabaseTransaction, assetId: string, why: ErasureReason): Promise<Erasure>;
  /**
   * Removes what dead writers left, and objects without a key, both older than the grace time (24 hours by default): a
   * writer that is slower than that loses its work, so keep it longer than any upload takes.
   */
  sweep(now: Date, options?: SweepOptions): Promise<Swept>;
}

export interface SweepOptions {
  readonly graceSeconds?: number;
  /** Breaks it off; what is left is removed the next time. */
  readonly signal?: AbortSignal;
}

export interface VaultParts {
  readonly db: Database;
  readonly masterKey: MasterKey;
  readonly objects: ObjectStore;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const OBJECT_KEY_BYTES = 32;
const GRACE_SECONDS = 86_400;

export function createVault({ db, masterKey, objects }: VaultParts): Vault {
  const openRange: Vault['open'] = async (assetId, range = { start: 0 }) => {
    const { object, keys, bytes } = await locate(db, masterKey, assetId);
    const { start, end = bytes } = range;
    checkRange(start, end, bytes);
    return unseal(objects, object, keys, { start, end, bytes });
  };

  /** @param mine nobody else ever stores this object. */
  const commit = async (
    entry: NewObject,
    mine: boolean,
    record: (tx: DatabaseTransaction) => Promise<void>,
  ): Promise<void> => {
    // When the commit itself fails nobody knows whether it took place, and before we know that nobody stored the object
    // earlier it may be in use; then it is left to the sweep.
    let idle = mine;
    try {
      await db.transaction().execute(async (tx) => {
        await claim(tx, entry);
        idle = true;
        await record(tx);
        await checkSource(tx, entry.assetId);
        idle = false;
      });
    } catch (error) {
      if (idle) await objects.delete(entry.object);
      throw error;
    }
  };

  return {
    put: async (assetId, source, limits, record) => {
      // It stands in what is authenticated, so there is one way to write it.
      if (!uuid.test(assetId)) throw new RangeError(`${assetId} is no UUID in lower case`);
      const secret = randomBytes(OBJECT_KEY_BYTES);
      const { sealed, stored } = seal(source, { key: createSecretKey(secret), assetId }, limits);
      if (await isKnown(db, assetId)) throw vaultExists(assetId);
      const wrapped = await masterKey.wrap(secret, keyContext(assetId));
      const object = newObjectName();
      await objects.put(object, sealed);
      const result = stored();
      await commit({ assetId, object, wrapped, ...result }, true, (tx) => record(tx, result));
      return result;
    },

    draft: (order) => Draft.open(masterKey, order),

    complete: async (draft, record) => {
      const { assetId, object, keys, file } = draft;
      const result = await draft.stored();
      await file.sync();
      await objects.adopt(object, file.path);
      const wrapped = await masterKey.wrap(encodeKeys(keys.parts), keyContext(assetId));
      await commit({ assetId, object, wrapped, ...result }, false, (tx) => record(tx, result));
      await draft.remove();
      return result;
    },

    open: openRange,

    verify: async (assetId) => {
      const { sha256, bytes } = await locate(db, masterKey, assetId);
      const hash = createHash('sha256');
      let total = 0;
      for await (const piece of (await openRange(assetId)) as AsyncIterable<Buffer>) {
        hash.update(piece);
        total += piece.length;
      }
      if (hash.digest('hex') !== sha256 || total !== bytes) {
        throw vaultDamaged(assetId, 'its bytes are not those that were stored');
      }
      return { sha256, bytes };
    },

    erase: (tx, assetId, why) => eraseAsset(tx, objects, assetId, why),

    sweep: (now, { graceSeconds = GRACE_SECONDS, signal } = {}) =>
      sweepVault(db, objects, new Date(now.getTime() - graceSeconds * 1000), signal),
  };
}

interface Located {
  readonly object: string;
  readonly keys: ObjectKeys;
  readonly sha256: string;
  readonly bytes: number;
}

async function locate(db: Database, masterKey: MasterKey, assetId: string): Promise<Located> {
  if (!uuid.test(assetId)) throw vaultMissing(assetId);
  const row = await db
    .selectFrom('vault_objects')
    .select(['object', 'sha256', 'bytes', 'wrapped_key'])
    .where('asset_id', '=', assetId)
    .executeTakeFirst();
  if (row === undefined) throw (await isKnown(db, assetId)) ? vaultErased(assetId) : vaultMissing(assetId);
  const { object, sha256, bytes, wrapped_key: wrapped } = row;
  const secret = await masterKey.unwrap(wrapped, keyContext(assetId));
  return { object, keys: { assetId, parts: decodeKeys(secret) }, sha256, bytes };
}

/** The row of an asset is written with that of its object and stays when that is erased. */
async function isKnown(db: Database | DatabaseTransaction, assetId: string): Promise<boolean> {
  const row = await db.selectFrom('assets').select('id').where('id', '=', assetId).executeTakeFirst();
  return row !== undefined;
}

interface NewObject extends Stored {
  readonly assetId: string;
  readonly object: string;
  readonly wrapped: Buffer;
}

/** Of two who bring the same id, the second waits here for the first and is refused. */
async function claim(
  tx: DatabaseTransaction,
  { assetId, object, sha256, bytes, wrapped }: NewObject,
): Promise<void> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('vault_objects')
    .values({ asset_id: assetId, object, sha256, bytes, wrapped_key: wrapped })
    .onConflict((clash) => clash.column('asset_id').doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows !== 1n || (await isKnown(tx, assetId))) throw vaultExists(assetId);
}

/** What was made from an asset that is erased while it is being stored would outlive it. */
async function checkSource(tx: DatabaseTransaction, assetId: string): Promise<void> {
  const erased = await tx
    .selectFrom('assets as made')
    .innerJoin('assets as source', 'source.id', 'made.derived_from')
    .select('source.id')
    .where('made.id', '=', assetId)
    .where('source.erased_at', 'is not', null)
    .executeTakeFirst();
  if (erased !== undefined) throw vaultErased(erased.id);
}

function checkRange(start: number, end: number, bytes: number): void {
  const sound = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end;
  if (sound && end <= bytes) return;
  throw new TidewaiterError(
    'E_VAULT_RANGE',
    `Bytes ${start} to ${end} were asked for, of ${bytes}`,
    'Ask for a range that lies within.',
  );
}
