import { TidewaiterError } from '../../core/errors.ts';
import type { DatabaseTransaction } from '../store/database.ts';
import { forgetObservations } from '../store/observations.ts';
import { vaultErased, vaultMissing } from './errors.ts';
import type { ObjectStore } from './object-store.ts';
import { erasableFrom, views } from './retention.ts';
import type {} from './tables.ts';

/** Why something is erased, for the record. */
export interface ErasureReason {
  readonly reason: string;
  /** Id of the person who decided it; null for the platform itself, when its time is over. */
  readonly by: string | null;
  readonly now: Date;
}

export interface Erasure {
  /** Ids of all that was erased: the asset, and what was made from it. */
  readonly assets: readonly string[];
  /** To be called when the transaction is committed. The sweep does the same later, if nobody does. */
  removeObjects(): Promise<void>;
}

/**
 * Erases an asset, and everything made from it, by deleting the keys of their objects, and what models saw in them, which may
 * be text that was read. The rows of the assets stay, with
 * one more for each that says who erased it, when and why.
 * @throws TidewaiterError `E_VAULT_MISSING`, `E_VAULT_ERASED`, `E_LEGAL_HOLD`, `E_RETENTION`; nothing is erased then.
 */
export async function eraseAsset(
  tx: DatabaseTransaction,
  objects: ObjectStore,
  assetId: string,
  { reason, by, now }: ErasureReason,
): Promise<Erasure> {
  const ids = await lockTree(tx, assetId);
  const kept = await tx
    .selectFrom('assets as a')
    .innerJoin('cases as c', 'c.id', 'a.case_id')
    .innerJoin('retention_classes as r', 'r.name', 'a.retention')
    .select(['a.id', 'a.role', 'a.legal_hold', 'a.retention', erasableFrom.as('from')])
    .where('a.id', 'in', ids)
    .where('a.erased_at', 'is', null)
    .execute();
  if (!kept.some(({ id }) => id === assetId)) throw vaultErased(assetId);

  const held = kept.find(({ legal_hold: onHold }) => onHold);
  if (held !== undefined) throw legalHold(assetId, held.id);
  const early = kept.find(
    ({ id, role, from }) => (id === assetId || !views.includes(role)) && (from === null || from > now),
  );
  if (early !== undefined) throw tooEarly(early);

  const assets = kept.map(({ id }) => id);
  const removed = await tx
    .deleteFrom('vault_objects')
    .where('asset_id', 'in', assets)
    .returning('object')
    .execute();
  await tx
    .insertInto('vault_erasures')
    .values(
      assets.map((id) => ({
        asset_id: id,
        because_of: assetId,
        reason,
        erased_by: by,
        erased_at: now,
      })),
    )
    .execute();
  await forgetObservations(tx, assets);
  await tx.updateTable('assets').set({ erased_at: now }).where('id', 'in', assets).execute();
  return {
    assets,
    removeObjects: async () => {
      for (const { object } of removed) await objects.delete(object);
    },
  };
}

/**
 * The asset and everything made from it. Locked from the top down: what is being made from a locked row waits for its
 * lock, so that nothing comes in below one that was passed.
 */
async function lockTree(tx: DatabaseTransaction, assetId: string): Promise<string[]> {
  const root = await tx
    .selectFrom('assets')
    .select('id')
    .where('id', '=', assetId)
    .forUpdate()
    .executeTakeFirst();
  if (root === undefined) throw vaultMissing(assetId);
  const ids = [root.id];
  for (let level = ids; level.length > 0;) {
    const made = await tx
      .selectFrom('assets')
      .select('id')
      .where('derived_from', 'in', level)
      .orderBy('id')
      .forUpdate()
      .execute();
    level = made.map(({ id }) => id).filter((id) => !ids.includes(id));
    ids.push(...level);
  }
  return ids;
}

function legalHold(assetId: string, heldId: string): TidewaiterError {
  const which = heldId === assetId ? 'is' : `cannot be erased, as ${heldId}, which was made from it, is`;
  return new TidewaiterError(
    'E_LEGAL_HOLD',
    `The asset ${assetId} ${which} under legal hold`,
    'Leave it. Only who placed the hold may lift it.',
  );
}

function tooEarly(asset: { id: string; retention: string; from: Date | null }): TidewaiterError {
  const from = asset.from === null ? 'not yet known' : asset.from.toISOString();
  return new TidewaiterError(
    'E_RETENTION',
    `The asset ${asset.id} is to be kept by its retention class ${asset.retention} (it may be erased from: ${from})`,
    'Wait until then. Where its class counts from the end of its case, close the case first.',
  );
}
