import { TidewaiterError } from '../../core/errors.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import type { Grant } from './roles.ts';
import { inTransaction, lockAdmins, lockPerson } from './transaction.ts';

/**
 * Gives somebody a role at a site, or at all with `*`. A role that is held already is no error.
 * @throws TidewaiterError `E_PERSON_UNKNOWN`, `E_SITE_UNKNOWN`.
 */
export async function grantRole(
  db: Database,
  { personId, grant, now }: { readonly personId: string; readonly grant: Grant; readonly now: Date },
): Promise<void> {
  const { site, role } = grant;
  await inTransaction(db, async (tx) => {
    await lockPerson(tx, personId);
    const known = await tx.selectFrom('sites').select('id').where('id', '=', site).executeTakeFirst();
    if (site !== '*' && known === undefined) {
      throw new TidewaiterError(
        'E_SITE_UNKNOWN',
        'There is no such site',
        'Use the id of a site, or * for all.',
      );
    }
    await tx
      .insertInto('grants')
      .values({ person_id: personId, site, role, granted_at: now })
      .onConflict((conflict) => conflict.columns(['person_id', 'site', 'role']).doNothing())
      .execute();
  });
}

/**
 * Takes a role away. One that is not held is no error.
 * @throws TidewaiterError `E_PERSON_UNKNOWN`, `E_LAST_ADMIN`.
 */
export async function revokeRole(
  db: Database,
  { personId, grant }: { readonly personId: string; readonly grant: Grant },
): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockAdmins(tx);
    await lockPerson(tx, personId);
    const { numDeletedRows } = await tx
      .deleteFrom('grants')
      .where('person_id', '=', personId)
      .where('site', '=', grant.site)
      .where('role', '=', grant.role)
      .executeTakeFirst();
    if (numDeletedRows > 0n && isAdminEverywhere(grant)) await keepAnAdmin(tx);
  });
}

/** Whether a role is the one that somebody must always hold. */
export function isAdminEverywhere({ site, role }: Grant): boolean {
  return site === '*' && role === 'admin';
}

/**
 * Called after an admin of all sites was taken away, by who holds `lockAdmins` since before: the error undoes it when
 * nobody else is one.
 * @throws TidewaiterError `E_LAST_ADMIN`.
 */
export async function keepAnAdmin(tx: DatabaseTransaction): Promise<void> {
  const admin = await tx
    .selectFrom('grants')
    .innerJoin('people', 'people.id', 'grants.person_id')
    .select('people.id')
    .where('grants.site', '=', '*')
    .where('grants.role', '=', 'admin')
    .where('people.disabled_at', 'is', null)
    .executeTakeFirst();
  if (admin !== undefined) return;
  throw new TidewaiterError(
    'E_LAST_ADMIN',
    'Nobody would be left who administers every site',
    'Make somebody else an admin of all sites first.',
  );
}
