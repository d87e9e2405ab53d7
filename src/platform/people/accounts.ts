import { randomUUID } from 'node:crypto';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../ledger/ledger.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import { isAdminEverywhere, keepAnAdmin } from './grants.ts';
import { checkedLogin, checkedName, normalLogin } from './login.ts';
import { passwordKind, provePassword } from './password-proof.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import { authenticate, grantsOf, sessionError } from './session-state.ts';
import type { PeopleSettings } from './settings.ts';
import { inTransaction, lockAdmins, lockPerson } from './transaction.ts';

/** Somebody who is to have an account. */
export interface NewPerson {
  readonly login: string;
  /** As others see it. */
  readonly name: string;
  readonly password: string;
}

/**
 * Makes an account without roles.
 * @returns the person's id.
 * @throws TidewaiterError `E_PERSON`, `E_PASSWORD`, `E_LOGIN_TAKEN`.
 */
export async function createPerson(
  db: Database,
  settings: PeopleSettings,
  { person, now }: { readonly person: NewPerson; readonly now: Date },
): Promise<string> {
  const login = checkedLogin(person.login);
  const name = checkedName(person.name);
  checkPassword(person.password, login);
  const password = await hashPassword(person.password, passwordKind(settings));
  const made = await db
    .insertInto('people')
    .values({ id: randomUUID(), login, name, password, disabled_at: null, created_at: now })
    .onConflict((conflict) => conflict.column('login').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made !== undefined) return made.id;
  throw new TidewaiterError('E_LOGIN_TAKEN', 'Somebody has this login already', 'Choose another.');
}

/** An account by its login, or undefined. */
export async function findPerson(
  db: Database,
  login: string,
): Promise<{ readonly id: string; readonly name: string; readonly disabled: boolean } | undefined> {
  const row = await db
    .selectFrom('people')
    .select(['id', 'name', 'disabled_at'])
    .where('login', '=', normalLogin(login))
    .executeTakeFirst();
  return row && { id: row.id, name: row.name, disabled: row.disabled_at !== null };
}

/**
 * Shuts somebody out: sessions end, tokens are dead while it lasts.
 * @throws TidewaiterError `E_PERSON_UNKNOWN`, `E_LAST_ADMIN`.
 */
export async function disablePerson(
  db: Database,
  { personId, now }: { readonly personId: string; readonly now: Date },
): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockAdmins(tx);
    await lockPerson(tx, personId);
    await tx
      .updateTable('people')
      .set({ disabled_at: now })
      .where('id', '=', personId)
      .where('disabled_at', 'is', null)
      .execute();
    if ((await grantsOf(tx, personId)).some(isAdminEverywhere)) await keepAnAdmin(tx);
    await tx.deleteFrom('sessions').where('person_id', '=', personId).execute();
    await endCodes(tx, personId);
  });
}

/** @throws TidewaiterError `E_PERSON_UNKNOWN`. */
export async function enablePerson(db: Database, personId: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockPerson(tx, personId);
    await tx.updateTable('people').set({ disabled_at: null }).where('id', '=', personId).execute();
  });
}

/**
 * A person changes the password that they know. Their other sessions end.
 * @param db no transaction: failures are counted even though the call is refused.
 * @throws TidewaiterError `E_SESSION` unless the session is open, `E_PASSWORD`, `E_SIGN_IN`, `E_SIGN_IN_PAUSE`.
 */
export async function changePassword(
  db: Database,
  settings: PeopleSettings,
  {
    token,
    current,
    next,
    address,
    now,
  }: {
    readonly token: string;
    readonly current: string;
    readonly next: string;
    readonly address: string;
    readonly now: Date;
  },
): Promise<void> {
  const session = await authenticate(db, settings, token, now);
  if (session?.state !== 'open') throw sessionError();
  const { login } = session;
  checkPassword(next, login);
  const password = await hashPassword(next, passwordKind(settings));
  const proof = { login, password: current, address, now, kind: 'password-change' } as const;
  await provePassword(db, settings, proof, async (tx, person) => {
    const still = await authenticate(tx, settings, token, now);
    if (still?.state !== 'open') throw sessionError();
    await storePassword(tx, person.id, password);
    await tx.deleteFrom('sessions').where('person_id', '=', person.id).where('id', '!=', still.id).execute();
    const subjects = { person: person.id };
    await append(tx, { kind: 'person.password-changed', at: now, actor: person.id, subjects });
  });
}

/**
 * An administrator sets the password of somebody who forgot it. All sessions of that person end.
 * @throws TidewaiterError `E_PERSON_UNKNOWN`, `E_PASSWORD`.
 */
export async function resetPassword(
  db: Database,
  settings: PeopleSettings,
  { personId, next }: { readonly personId: string; readonly next: string },
): Promise<void> {
  const password = await hashPassword(next, passwordKind(settings));
  await inTransaction(db, async (tx) => {
    const { login } = await lockPerson(tx, personId);
    checkPassword(next, login);
    await storePassword(tx, personId, password);
    await tx.deleteFrom('sessions').where('person_id', '=', personId).execute();
  });
}

/** Keeps a hash as the password; codes for choosing another are worth nothing any more. The caller holds the person. */
export async function storePassword(
  tx: DatabaseTransaction,
  personId: string,
  password: string,
): Promise<void> {
  await tx
    .updateTable('people')
    .set((row) => ({ password, password_version: row('password_version', '+', 1) }))
    .where('id', '=', personId)
    .execute();
  await endCodes(tx, personId);
}

async function endCodes(tx: DatabaseTransaction, personId: string): Promise<void> {
  await tx
    .updateTable('person_resets')
    .set({ code_hash: null })
    .where('person_id', '=', personId)
    .where('code_hash', 'is not', null)
    .execute();
}
