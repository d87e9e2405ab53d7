import { randomUUID } from 'node:crypto';
import type { Updateable } from 'kysely';
import type { DatabaseTransaction } from '../../../platform/store/database.ts';
import type { Tables } from '../../../platform/store/tables.ts';
import { tell } from './events.ts';

/** At most so many are moved in one transaction; the next comes a second later. */
const BATCH = 100;

/** What becomes of incidents that nobody acknowledged in time. */
export interface Move {
  /** Whether it is tests that move, or real ones. */
  readonly tests: boolean;
  readonly change: Updateable<Tables['watch_incidents']>;
  readonly step: Tables['watch_steps']['step'];
  readonly note: string;
  readonly facts: Readonly<Record<string, string>>;
}

/**
 * Moves the incidents of a site whose acknowledgement clock ran out, the longest overdue first, and tells every console. Rows that
 * somebody is just answering are left alone.
 */
export async function moveDue(
  tx: DatabaseTransaction,
  siteId: string,
  at: Date,
  { tests, change, step, note, facts }: Move,
): Promise<readonly { readonly id: string; readonly severity: string }[]> {
  const rows = await tx
    .updateTable('watch_incidents')
    .set((eb) => ({ ...change, version: eb('version', '+', 1) }))
    .where((eb) =>
      eb(
        'id',
        'in',
        eb
          .selectFrom('watch_incidents')
          .select('id')
          .where('test', '=', tests)
          .where('state', '=', 'new')
          .where('acknowledged_by', 'is', null)
          .where('due_at', '<=', at)
          .where('site_id', '=', siteId)
          .orderBy('due_at')
          .limit(BATCH)
          .forUpdate()
          .skipLocked(),
      ),
    )
    .returning(['id', 'severity'])
    .execute();
  for (const { id } of rows) {
    await tx
      .insertInto('watch_steps')
      .values({
        ...{ id: randomUUID(), incident_id: id, step, made_by: null, at },
        note,
        facts: JSON.stringify(facts),
      })
      .execute();
    await tell(tx, siteId, 'incident', id);
  }
  return rows;
}
