import { sql } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';
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

/** Any number will do, as long as it is the same everywhere. */
const ROTATION_LOCK = 7_210_413;

/**
 * Makes a new master key and wraps everything again with it, each store in one transaction. Others may read and write
 * meanwhile. When it breaks off, what is left is still wrapped with an older key, which stays; run it again.
 * @returns how many were wrapped again, by name of the store.
 * @throws TidewaiterError `E_MASTER_KEY` while another process is at it, `E_SECRET_DAMAGED`.
 */
export async function rotateMasterKey(
  db: Database,
  masterKey: MasterKey,
  stores: readonly WrappedStore[],
): Promise<ReadonlyMap<string, number>> {
  // All on one connection: when that breaks the lock goes, and so does the transaction.
  return db.connection().execute(async (one) => {
    const { rows } = await sql<{
      alone: boolean;
    }>`select pg_try_advisory_lock(${ROTATION_LOCK}) as alone`.execute(one);
    if (rows[0]?.alone !== true) throw rotatedElsewhere();
    try {
      await masterKey.rotate({ alone: true });
      const counts = new Map<string, number>();
      for (const store of stores) counts.set(store.name, await wrapAgain(one, masterKey, store));
      return counts;
    } finally {
      await sql`select pg_advisory_unlock(${ROTATION_LOCK})`.execute(one).catch(() => undefined);
    }
  });
}

async function wrapAgain(db: Database, masterKey: MasterKey, store: WrappedStore): Promise<number> {
  return db.transaction().execute((tx) =>
    store.rewrap(tx, async (wrapped, context) => {
      if (masterKey.isCurrent(wrapped)) return undefined;
      return masterKey.wrap(await masterKey.unwrap(wrapped, context), context);
    }),
  );
}

function rotatedElsewhere(): TidewaiterError {
  return new TidewaiterError(
    'E_MASTER_KEY',
    'Another process is rotating the master key',
    'Wait until it has ended; nothing has to be done twice.',
  );
}
