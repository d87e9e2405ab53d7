import { sql } from 'kysely';
import { append } from '../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../platform/platform.ts';
import { fenced } from '../../../platform/services/fenced.ts';
import type { DatabaseTransaction } from '../../../platform/store/database.ts';
import { moveDue } from '../platform/due-incidents.ts';
import { committed } from '../platform/events.ts';

/** Refuses who may not decide here, as a real decision would be refused. */
export async function checkMayAnswer(tx: DatabaseTransaction, by: string, siteId: string): Promise<void> {
  await sql`select check_may_decide(${by}::uuid, 'watch', ${siteId})`.execute(tx);
}

/** Takes a test out of the queue: nothing follows from it any more. */
export async function endTest(tx: DatabaseTransaction, id: string): Promise<void> {
  await sql`delete from seeded_findings where id = ${id}`.execute(tx);
}

/** Tests that nobody acknowledged in time end as missed, and say what they were. */
export async function endMissed(
  { db, now }: Platform,
  siteId: string,
  run: { readonly id: string; readonly generation: number },
): Promise<void> {
  const at = now();
  const missed = await db.transaction().execute(async (tx) => {
    await fenced(tx, run);
    const rows = await moveDue(tx, siteId, at, {
      tests: true,
      change: { state: 'closed', closed_at: at },
      step: 'close',
      note: 'A test with a known clip. Nobody acknowledged it in time.',
      facts: {},
    });
    for (const { id } of rows) {
      await endTest(tx, id);
      await append(tx, {
        ...{ kind: 'watch.injection-missed', at, actor: 'system', siteId },
        subjects: { incident: id },
      });
    }
    return rows.length;
  });
  if (missed > 0) committed(siteId);
}
