import type { Database, DatabaseTransaction } from '../store/database.ts';
import type { MasterKey } from './master-key.ts';

/** Something that keeps what the master key wrapped. */
export interface WrappedStore {
  readonly name: string;
  /**
   * Goes through all it keeps, in batches, with its rows locked, and puts what `again` returns in place of what it had.
   * @param again undefined for what the newest key wrapped already.
   * @returns how many were wrapped again.
   */
  rewrap(tx: DatabaseTransaction, again: Rewrap): Promise<number>;
}
export type Rewrap = (wrapped: Buffer, context: string) => Promise<Buffer | undefined>;

/**
 * Makes a new master key and wraps everything again with it, each store in one transaction. When it breaks off, what is
 * left is still wrapped with an older key, which stays; run it again.
 * @returns how many were wrapped again, by name of the store.
 */
export async function rotateMasterKey(
  db: Database,
  masterKey: MasterKey,
  stores: readonly WrappedStore[],
): Promise<ReadonlyMap<string, number>> {
  await masterKey.rotate();
  const counts = new Map<string, number>();
  for (const store of stores) {
    const count = await db.transaction().execute((tx) =>
      store.rewrap(tx, async (wrapped, context) => {
        if (masterKey.isCurrent(wrapped)) return undefined;
        return masterKey.wrap(await masterKey.unwrap(wrapped, context), context);
      }),
    );
    counts.set(store.name, count);
  }
  return counts;
}
