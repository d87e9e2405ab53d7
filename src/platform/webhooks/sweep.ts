import { sql } from 'kysely';
import type { Database } from '../store/database.ts';
import { WEBHOOK_QUEUE } from './deliveries.ts';

const KEPT_DAYS = 30;
const BATCH = 1000;

/** Removes deliveries that ended a month ago. What happened stays in the ledger. @returns how many. */
export async function sweepDeliveries(db: Database, now: Date, signal: AbortSignal): Promise<number> {
  const before = new Date(now.getTime() - KEPT_DAYS * 86_400_000);
  for (let removed = 0; ;) {
    signal.throwIfAborted();
    const { numAffectedRows = 0n } = await sql`
      delete from jobs where id in (
        select id from jobs
        where queue = ${WEBHOOK_QUEUE} and state in ('done', 'failed', 'cancelled') and finished_at < ${before}
        limit ${BATCH})`.execute(db);
    removed += Number(numAffectedRows);
    if (numAffectedRows < BATCH) return removed;
  }
}
