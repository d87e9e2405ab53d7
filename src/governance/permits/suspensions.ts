import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Seals } from '../../platform/secrets/seals.ts';
import type { Database, DatabaseTransaction } from '../../platform/store/database.ts';
import { underRules } from '../rules.ts';
import { membersOfOffices } from './offices.ts';
import { act, forgedNames, type Governed } from './seals.ts';
import type { SuspensionCause, SuspensionsTable } from './tables.ts';

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

/** A suspension, and how it was lifted if it was. */
export interface KeptSuspension extends SuspensionsTable {
  readonly lifted_at: Date | null;
  readonly lifted_by: string | null;
  readonly lift_reason: string | null;
}

/** Suspensions of a use, or of all, those that stand first, then the newest; 200 at most. */
export async function suspensionsOf(
  tx: Database | DatabaseTransaction,
  seals: Seals,
  use?: string,
): Promise<KeptSuspension[]> {
  const forged = await forgedNames(tx, seals, use);
  const which = use === undefined ? sql`true` : sql`s.use = ${use}`;
  const { rows } = await sql<KeptSuspension>`
    select s.*, l.at as lifted_at, l.person_id as lifted_by, l.reason as lift_reason
    from governance_suspensions s left join lateral (select * from governance_acts a where a.suspension_id = s.id
      and governance_counts('governance_acts', a.place::text, a.seal, ${forged}) order by a.place limit 1) l on true
    where ${which} order by l.at is not null, s.suspended_at desc limit 200`.execute(tx);
  return rows;
}

/**
 * Ends a suspension; somebody else than who began it.
 * @throws TidewaiterError `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`.
 */
export async function liftSuspension(
  { db, keys }: Governed,
  {
    id,
    by,
    reason,
    now,
  }: { readonly id: string; readonly by: string; readonly reason: string; readonly now: Date },
): Promise<void> {
  await underRules(
    db.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom('governance_suspensions')
        .select('use')
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      const standing = row === undefined ? [] : await suspensionsOf(tx, keys.seals, row.use);
      const lifted = standing.find((one) => one.id === id && one.lifted_at === null);
      if (lifted === undefined)
        throw new TidewaiterError(
          'E_GOVERNANCE_UNKNOWN',
          'There is no such suspension that stands',
          'Look at the list of suspensions.',
        );
      await act(tx, keys.seals, { suspension_id: id, person_id: by, reason, at: now });
      await append(tx, {
        ...{ kind: 'governance.lifted', at: now, actor: by, subjects: { suspension: id } },
        facts: { use: lifted.use },
      });
    }),
  );
}
