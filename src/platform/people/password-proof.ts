import { TidewaiterError } from '../../core/errors.ts';
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
    if (refusal !== undefined || person === undefined) return hinting(refusal ?? signInError(), settings);
    if (rehashed !== undefined) {
      await tx.updateTable('people').set({ password: rehashed }).where('id', '=', person.id).execute();
    }
    return then(tx, person);
  });
}

/**
 * Under the FIPS profile a password that was kept with argon2id is not even tried, so nobody can be told that theirs is
 * one. Everybody whose sign-in fails is told instead.
 */
function hinting(refusal: TidewaiterError, { fips }: PeopleSettings): TidewaiterError {
  if (!fips || refusal.code !== 'E_SIGN_IN') return refusal;
  return new TidewaiterError(
    refusal.code,
    refusal.message,
    'Try again. A password from before the FIPS profile was switched on works no more: ask an administrator to set a new one (tidewaiter user reset-password).',
  );
}

/** Logins of people who have a password that the FIPS profile refuses. */
export async function shutOutByFips(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('people')
    .select('login')
    .where('disabled_at', 'is', null)
    .where('password', 'like', '$argon2%')
    .orderBy('login')
    .execute();
  return rows.map(({ login }) => login);
}
