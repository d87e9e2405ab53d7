import { append } from '../ledger/ledger.ts';
import type { DatabaseTransaction } from '../store/database.ts';
import type { Erasure, ErasureReason } from './erase.ts';
import type { Vault } from './vault.ts';

/**
 * Erases as {@link Vault.erase} does, and says so in the ledger for each asset that goes.
 * @throws TidewaiterError as that; nothing is erased then.
 */
export async function eraseRecorded(
  tx: DatabaseTransaction,
  vault: Vault,
  assetId: string,
  why: ErasureReason,
): Promise<Erasure> {
  const done = await vault.erase(tx, assetId, why);
  const erased = await tx
    .selectFrom('assets')
    .select(['id', 'site_id', 'case_id'])
    .where('id', 'in', [...done.assets])
    .orderBy('id')
    .execute();
  for (const { id, site_id: siteId, case_id: caseId } of erased)
    await append(tx, {
      kind: 'asset.erased',
      at: why.now,
      actor: why.by ?? 'system',
      siteId,
      subjects: { case: caseId, asset: id },
    });
  return done;
}
