import { sql } from 'kysely';
import { append } from '../ledger/ledger.ts';
import type { Database } from '../store/database.ts';

const BATCH = 5000;

/**
 * Deletes refusals from before a moment, and says in the ledger how many and up to when, with each batch.
 * @returns how many rows.
 */
export async function sweepRefusals(
  db: Database,
  { now, before, signal }: { readonly now: Date; readonly before: Date; readonly signal: AbortSignal },
): Promise<number> {
  for (let removed = 0; ;) {
    signal.throwIfAborted();
    const rows = await db.transaction().execute(async (tx) => {
      const { numAffectedRows = 0n } = await sql`
        delete from refusals where id in (
          select id from refusals where at < ${before} order by at limit ${BATCH} for update skip locked)`.execute(
        tx,
      );
      const count = Number(numAffectedRows);
      const facts = { rows: count, before: before.toISOString() };
      if (count > 0)
        await append(tx, { kind: 'refusals.retention', at: now, actor: 'system', subjects: {}, facts });
      return count;
    });
    removed += rows;
    if (rows < BATCH) return removed;
  }
}
