import { TidewaiterError } from '../../core/errors.ts';
import type { Database } from '../store/database.ts';
import { eraseRecorded } from './erase-recorded.ts';
import { due, type DueAsset } from './retention.ts';
import type { Vault } from './vault.ts';

const BATCH = 200;

/** What may change between looking and erasing: somebody held it, opened its case again, or was faster. */
const changedSince: ReadonlySet<string> = new Set(['E_LEGAL_HOLD', 'E_RETENTION', 'E_VAULT_ERASED']);

/**
 * Erases what its retention class keeps no longer, one asset with what was made from it at a time. One that cannot be
 * erased does not keep the others.
 * @throws what the first that failed did, when all others are done.
 */
export async function eraseDue(
  db: Database,
  vault: Vault,
  now: () => Date,
  signal: AbortSignal,
): Promise<{ readonly erased: number }> {
  let erased = 0;
  const failures: unknown[] = [];
  for (let more = true; more;) {
    more = false;
    for (const asset of await due(db, now(), BATCH)) {
      signal.throwIfAborted();
      try {
        const gone = await eraseOne(db, vault, asset, now());
        erased += gone;
        more ||= gone > 0;
      } catch (error) {
        failures.push(error);
      }
    }
  }
  if (failures.length > 0) throw failures[0];
  return { erased };
}

/** @returns how many assets went. */
async function eraseOne(db: Database, vault: Vault, { id, retention }: DueAsset, now: Date): Promise<number> {
  try {
    const reason = `its retention class ${retention} keeps it no longer`;
    const erasure = await db
      .transaction()
      .execute((tx) => eraseRecorded(tx, vault, id, { reason, by: null, now }));
    await erasure.removeObjects();
    return erasure.assets.length;
  } catch (error) {
    if (error instanceof TidewaiterError && changedSince.has(error.code)) return 0;
    throw error;
  }
}
