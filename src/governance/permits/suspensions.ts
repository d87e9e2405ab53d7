import { randomUUID } from 'node:crypto';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Database, DatabaseTransaction } from '../../platform/store/database.ts';
import { underRules } from '../rules.ts';
import { membersOfOffices } from './offices.ts';
import type { SuspensionCause } from './tables.ts';

/** Why a use is to stop. */
export interface NewSuspension {
  readonly use: string;
  readonly cause: SuspensionCause;
  readonly reason: string;
  /** The id of a person, or `system`. */
  readonly by: string;
  readonly now: Date;
}

/**
 * Stops a use everywhere: nothing of it starts, and what runs ends within its lease.
 * @returns the suspension and who was told: the people of the offices.
 */
export async function suspend(
  tx: DatabaseTransaction,
  { use, cause, reason, by, now }: NewSuspension,
): Promise<{ readonly id: string; readonly told: readonly string[] }> {
  const [id, told] = [randomUUID(), await membersOfOffices(tx)];
  await tx
    .insertInto('governance_suspensions')
    .values({ id, use, cause, reason, suspended_by: by, suspended_at: now, told })
    .execute();
  await append(tx, {
    ...{ kind: 'governance.suspended', at: now, actor: by, subjects: { suspension: id } },
    facts: { use, cause, told: told.length },
  });
  return { id, told };
}

/**
 * Ends a suspension; somebody else than who began it.
 * @throws TidewaiterError `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`.
 */
export async function liftSuspension(
  db: Database,
  {
    id,
    by,
    reason,
    now,
  }: { readonly id: string; readonly by: string; readonly reason: string; readonly now: Date },
): Promise<void> {
  await underRules(
    db.transaction().execute(async (tx) => {
      const lifted = await tx
        .updateTable('governance_suspensions')
        .set({ lifted_at: now, lifted_by: by, lift_reason: reason })
        .where('id', '=', id)
        .where('lifted_at', 'is', null)
        .returning('use')
        .executeTakeFirst();
      if (lifted === undefined)
        throw new TidewaiterError(
          'E_GOVERNANCE_UNKNOWN',
          'There is no such suspension that stands',
          'Look at the list of suspensions.',
        );
      await append(tx, {
        ...{ kind: 'governance.lifted', at: now, actor: by, subjects: { suspension: id } },
        facts: { use: lifted.use },
      });
    }),
  );
}
