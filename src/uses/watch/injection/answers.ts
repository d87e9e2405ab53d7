import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { append } from '../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../platform/platform.ts';
import { fenced } from '../../../platform/services/fenced.ts';
import type { DatabaseTransaction } from '../../../platform/store/database.ts';
import { committed, tell } from '../platform/events.ts';

const BATCH = 100;

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
    const rows = await tx
      .updateTable('watch_incidents')
      .set((eb) => ({ state: 'closed' as const, closed_at: at, version: eb('version', '+', 1) }))
      .where((eb) =>
        eb(
          'id',
          'in',
          eb
            .selectFrom('watch_incidents')
            .select('id')
            .where('test', '=', true)
            .where('state', '=', 'new')
            .where('due_at', '<=', at)
            .where('site_id', '=', siteId)
            .limit(BATCH)
            .forUpdate()
            .skipLocked(),
        ),
      )
      .returning('id')
      .execute();
    for (const { id } of rows) {
      await endTest(tx, id);
      await tx
        .insertInto('watch_steps')
        .values({
          ...{ id: randomUUID(), incident_id: id, step: 'close', made_by: null, at },
          note: 'A test with a known clip. Nobody acknowledged it in time.',
          facts: JSON.stringify({}),
        })
        .execute();
      await append(tx, {
        ...{ kind: 'watch.injection-missed', at, actor: 'system', siteId },
        subjects: { incident: id },
      });
    }
    for (const { id } of rows) await tell(tx, siteId, 'incident', id);
    return rows.length;
  });
  if (missed > 0) committed(siteId);
}
