import type { TidewaiterError } from '../../core/errors.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import { judge, refuseWhilePaused, signInError, type Attempt } from './lockout.ts';
import {
  decoyHash,
  hashPassword,
  isAllowed,
  needsRehash,
  verifyPassword,
  type PasswordKind,
} from './passwords.ts';
import type { PeopleSettings } from './settings.ts';
import { keepingRefusal, type PersonRow } from './transaction.ts';

export function passwordKind({ fips }: PeopleSettings): PasswordKind {
  return fips ? 'pbkdf2' : 'argon2id';
}

/**
 * Checks a password and does what it was asked for, in one transaction that holds the person. Unknown logins, disabled
 * people, those without a password, passwords kept in a form that the FIPS profile refuses and wrong passwords take the
 * same steps and get the same answer.
 * @param db no transaction: failures are counted even though the call is refused.
 * @throws TidewaiterError `E_SIGN_IN`, `E_SIGN_IN_PAUSE`, and what `then` throws.
 */
export async function provePassword<T>(
  db: Database,
  settings: PeopleSettings,
  proof: Omit<Attempt, 'personId'> & { readonly password: string },
  then: (tx: DatabaseTransaction, person: PersonRow) => Promise<T>,
): Promise<T> {
  const { password, ...rest } = proof;
  const kind = passwordKind(settings);
  const known = await db.selectFrom('people').selectAll().where('login', '=', rest.login).executeTakeFirst();
  const attempt: Attempt = known === undefined ? rest : { ...rest, personId: known.id };
  await refuseWhilePaused(db, attempt);
  const kept = known?.password ?? undefined;
  const usable = kept !== undefined && isAllowed(kept, kind);
  const stored = usable ? kept : decoyHash(kind);
  const matches = (await verifyPassword(password, stored, kind)) && usable;
  const rehashed = matches && needsRehash(stored, kind) ? await hashPassword(password, kind) : undefined;
  return keepingRefusal<T>(db, async (tx): Promise<T | TidewaiterError> => {
    const row = await tx
      .selectFrom('people')
      .selectAll()
      .where('login', '=', rest.login)
      .forNoKeyUpdate()
      .executeTakeFirst();
    // The password may have been changed, or the person disabled, while it was checked.
    const unchanged = row?.disabled_at === null && row.password_version === known?.password_version;
    const person = matches && unchanged ? row : undefined;
    const refusal = await judge(tx, attempt, person !== undefined);
    if (refusal !== undefined || person === undefined) return refusal ?? signInError();
    if (rehashed !== undefined) {
      await tx.updateTable('people').set({ password: rehashed }).where('id', '=', person.id).execute();
    }
    return then(tx, person);
  });
}
