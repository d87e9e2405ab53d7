import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { sha256 } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../ledger/ledger.ts';
import { checkedLogin, checkedName } from '../people/login.ts';
import { startSession, type NewSession } from '../people/new-session.ts';
import { refused } from '../people/refusals.ts';
import type { PeopleSettings } from '../people/settings.ts';
import { keepingRefusal, lockPerson } from '../people/transaction.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import { oidcError } from './errors.ts';
import type { Confirmed, Identity, Profile } from './provider.ts';

/** A sign-in that the provider confirmed. */
export interface ConfirmedSignIn {
  readonly confirmed: Confirmed;
  /** Whether somebody who is new gets an account, without roles. */
  readonly createPeople: boolean;
  /** Network address of the caller. */
  readonly address: string;
  readonly now: Date;
}

/**
 * Makes the session of whoever an identity is linked to. Where the provider's assurance does not count as the second
 * factor, the session waits for the local one, as after a password.
 * @param db no transaction: a refusal is logged even though the call is refused.
 * @throws TidewaiterError `E_OIDC`, the same for people who are not known and those who are disabled.
 */
export async function signInConfirmed(
  db: Database,
  settings: PeopleSettings,
  { confirmed, createPeople, address, now }: ConfirmedSignIn,
): Promise<NewSession> {
  const unknown = createPeople && (await personOf(db, confirmed)) === undefined;
  const profile = unknown ? await confirmed.profile() : undefined;
  return keepingRefusal<NewSession>(db, async (tx): Promise<NewSession | TidewaiterError> => {
    const found = await personOf(tx, confirmed);
    const personId =
      found ?? (profile === undefined ? undefined : await newPerson(tx, { confirmed, profile, now }));
    const person = personId === undefined ? undefined : await lockPerson(tx, personId);
    // The identity may have been taken away until the person was held.
    const still = person?.disabled_at === null && (await personOf(tx, confirmed)) === person.id;
    if (still) {
      return startSession(tx, settings, { personId: person.id, secondFactor: confirmed.assured, now });
    }
    await refused(tx, {
      kind: 'sign-in',
      address,
      ...(personId === undefined ? {} : { personId }),
      at: now,
    });
    return oidcError(
      'The provider knows you, but no enabled account here belongs to that identity',
      `Ask an administrator to link your account to the subject ${confirmed.subject}.`,
    );
  });
}

async function personOf(db: Database, { issuer, subject }: Identity): Promise<string | undefined> {
  const row = await db
    .selectFrom('oidc_identities')
    .select('person_id')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row?.person_id;
}

/**
 * Makes an account for an identity that has none. It is never attached to an account that is there: whoever has the same
 * login at the provider need not be the same person.
 * @returns the person's id; undefined while there is nobody here, since the first must become the administrator.
 */
async function newPerson(
  tx: DatabaseTransaction,
  {
    confirmed,
    profile,
    now,
  }: { readonly confirmed: Identity; readonly profile: Profile; readonly now: Date },
): Promise<string | undefined> {
  const { issuer, subject } = confirmed;
  const key = `${issuer} ${subject}`;
  // Of two first sign-ins at once, the second finds what the first made.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`tidewaiter.oidc ${key}`}, 0))`.execute(tx);
  const made = await personOf(tx, confirmed);
  if (made !== undefined) return made;
  if ((await tx.selectFrom('people').select('id').limit(1).executeTakeFirst()) === undefined)
    return undefined;
  const id = randomUUID();
  const spare = `oidc-${sha256(key).slice(0, 16)}`;
  const login = usable(checkedLogin, profile.login) ?? spare;
  const name = usable(checkedName, profile.name) ?? login;
  for (const one of new Set([login, spare])) {
    const person = await tx
      .insertInto('people')
      .values({ id, login: one, name, password: null, disabled_at: null, created_at: now })
      .onConflict((conflict) => conflict.column('login').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (person === undefined) continue;
    await tx
      .insertInto('oidc_identities')
      .values({ issuer, subject, person_id: id, linked_at: now })
      .execute();
    const subjects = { person: id };
    await append(tx, {
      kind: 'person.created',
      at: now,
      actor: 'system',
      subjects,
      facts: { by: 'provider' },
    });
    return id;
  }
  return undefined;
}

/** A text of the provider, if it fits what people may be called here. */
function usable(check: (text: string) => string, text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : check(text);
  } catch (error) {
    if (error instanceof TidewaiterError) return undefined;
    throw error;
  }
}
