import { randomUUID } from 'node:crypto';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../ledger/ledger.ts';
import { commitTo } from '../ledger/words.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import { resetPassword, storePassword } from './accounts.ts';
import { codeHash, newCode, newToken } from './codes.ts';
import { judge, refuseWhilePaused, signInError, type Attempt } from './lockout.ts';
import { normalLogin } from './login.ts';
import { startSession, type NewSession } from './new-session.ts';
import { passwordKind } from './password-proof.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import { removeSecondFactor } from './second-factor.ts';
import type { PeopleSettings } from './settings.ts';
import { inTransaction, keepingRefusal, lockPerson } from './transaction.ts';

const hoursToUse = 24;

/** What is reset for somebody. */
export type ResetKind = 'password' | 'second-factor';

/** A reset that an administrator does for somebody else, who asked for it. */
export interface Reset {
  readonly personId: string;
  /** Id of the administrator. */
  readonly by: string;
  /** Why, and how it was made sure who asks. */
  readonly reason: string;
  readonly now: Date;
}

/** A reset as administrators see it later. */
export interface ResetInfo {
  readonly id: string;
  readonly what: ResetKind;
  /** Null once the words were deleted that the ledger commits to. */
  readonly reason: string | null;
  readonly askedBy: string;
  readonly askedAt: Date;
  /** When its code was used. */
  readonly usedAt: Date | null;
  /** When the person was next signed in, second factor included. */
  readonly signedInAt: Date | null;
}

/**
 * Ends the password and all sessions of somebody who forgot it.
 * @returns a code to be handed over, with which that person alone chooses the next password; it is kept as a hash.
 * @throws TidewaiterError `E_PERSON_UNKNOWN`, `E_RESET_OWN`, `E_RESET_BOTH`, `E_RESET_PROVIDER`.
 */
export async function askNewPassword(
  db: Database,
  settings: PeopleSettings,
  reset: Reset,
): Promise<{ readonly code: string; readonly expiresAt: Date }> {
  const { personId, now } = reset;
  const code = newCode();
  const expiresAt = new Date(now.getTime() + hoursToUse * 3_600_000);
  await inTransaction(db, async (tx) => {
    const { password } = await lockPerson(tx, personId);
    if (password === null) {
      throw new TidewaiterError(
        'E_RESET_PROVIDER',
        'This person has no password here: they sign in with the provider of the agency',
        'Let the provider help them.',
      );
    }
    await mayReset(tx, reset, 'password');
    // Nobody knows this one.
    await resetPassword(tx, settings, { personId, next: newToken() });
    await record(tx, reset, 'password', { code_hash: codeHash(code), expires_at: expiresAt });
  });
  return { code, expiresAt };
}

/**
 * Takes the second factors and all sessions of somebody who lost them: the next sign-in enrols anew.
 * @throws TidewaiterError `E_PERSON_UNKNOWN`, `E_RESET_OWN`, `E_RESET_BOTH`.
 */
export async function askNewSecondFactor(db: Database, reset: Reset): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockPerson(tx, reset.personId);
    await mayReset(tx, reset, 'second-factor');
    await removeSecondFactor(tx, reset.personId);
    await record(tx, reset, 'second-factor', {});
  });
}

/**
 * Whoever was given a code chooses a password; the code is used up. It proves no more than a password does: the second factor is
 * still asked for.
 * @param db no transaction: failures are counted even though the call is refused.
 * @throws TidewaiterError `E_SIGN_IN`, `E_SIGN_IN_PAUSE`, and `E_PASSWORD`, after which the code is still good.
 */
export async function chooseNewPassword(
  db: Database,
  settings: PeopleSettings,
  given: {
    readonly login: string;
    readonly code: string;
    readonly next: string;
    readonly address: string;
    readonly now: Date;
  },
): Promise<NewSession> {
  const { code, next, address, now } = given;
  const login = normalLogin(given.login);
  checkPassword(next, login);
  const attempt: Attempt = { login, address, kind: 'sign-in', now };
  await refuseWhilePaused(db, attempt);
  const password = await hashPassword(next, passwordKind(settings));
  return keepingRefusal<NewSession>(db, async (tx) => {
    const person = await tx
      .selectFrom('people')
      .select('id')
      .where('login', '=', login)
      .where('disabled_at', 'is', null)
      .forNoKeyUpdate()
      .executeTakeFirst();
    const reset =
      person &&
      (await tx
        .selectFrom('person_resets')
        .select('id')
        .where('person_id', '=', person.id)
        .where('code_hash', '=', codeHash(code))
        .where('expires_at', '>', now)
        .executeTakeFirst());
    const who = person === undefined ? {} : { personId: person.id };
    const refusal = await judge(tx, { ...attempt, ...who }, reset !== undefined);
    if (person === undefined || reset === undefined || refusal !== undefined) return refusal ?? signInError();
    await tx.updateTable('person_resets').set({ used_at: now }).where('id', '=', reset.id).execute();
    await storePassword(tx, person.id, password);
    await tx.deleteFrom('sessions').where('person_id', '=', person.id).execute();
    const subjects = { person: person.id, reset: reset.id };
    await append(tx, { kind: 'person.password-changed', at: now, actor: person.id, subjects });
    return startSession(tx, settings, { personId: person.id, secondFactor: false, now });
  });
}

/**
 * The resets of a person, newest first.
 * @throws TidewaiterError `E_PERSON_UNKNOWN`.
 */
export async function listResets(db: Database, personId: string): Promise<ResetInfo[]> {
  return inTransaction(db, async (tx) => {
    await lockPerson(tx, personId);
    return tx
      .selectFrom('person_resets')
      .leftJoin('ledger_words', 'ledger_words.commitment', 'person_resets.reason')
      .select(['id', 'what', 'ledger_words.words as reason', 'asked_by as askedBy', 'asked_at as askedAt'])
      .select(['used_at as usedAt', 'signed_in_at as signedInAt'])
      .where('person_id', '=', personId)
      .orderBy('asked_at', 'desc')
      .orderBy('id')
      .execute();
  });
}

/**
 * Whoever resets both the password and the second factor of a person could sign in as that person. So the other one is for somebody else
 * until the person was signed in again.
 */
async function mayReset(tx: DatabaseTransaction, { personId, by }: Reset, what: ResetKind): Promise<void> {
  if (personId === by) {
    throw new TidewaiterError(
      'E_RESET_OWN',
      'Nobody resets their own sign-in: a found session would be enough to take the account',
      'Use My account, or ask another administrator.',
    );
  }
  const other = await tx
    .selectFrom('person_resets')
    .select('id')
    .where('person_id', '=', personId)
    .where('asked_by', '=', by)
    .where('what', '!=', what)
    .where('signed_in_at', 'is', null)
    .executeTakeFirst();
  if (other === undefined) return;
  throw new TidewaiterError(
    'E_RESET_BOTH',
    'You have reset the other half of this sign-in, and the person was not signed in since: with both you could be that person',
    'Ask another administrator, or use tidewaiter user on the server.',
  );
}

async function record(
  tx: DatabaseTransaction,
  { personId, by, reason, now }: Reset,
  what: ResetKind,
  code: { readonly code_hash?: string; readonly expires_at?: Date },
): Promise<void> {
  const id = randomUUID();
  const committed = await commitTo(tx, reason);
  await tx
    .insertInto('person_resets')
    .values({ id, person_id: personId, what, reason: committed, asked_by: by, asked_at: now, ...code })
    .execute();
  await append(tx, {
    kind: `person.${what}-reset`,
    at: now,
    actor: by,
    subjects: { person: personId, reset: id },
    facts: { reason: committed },
  });
}
