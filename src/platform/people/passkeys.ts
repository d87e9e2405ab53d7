import type { Selectable } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../ledger/ledger.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import { mayEnrol } from './enrolment.ts';
import type { RelyingParty } from './relying-party.ts';
import { holdSession, sessionError, type OpenSession } from './session-state.ts';
import type { PeopleSettings } from './settings.ts';
import type { PasskeysTable } from './tables.ts';
import { inTransaction } from './transaction.ts';

/** A passkey or security key as its owner sees it. */
export interface PasskeyInfo {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly usedAt: Date | null;
  readonly transports: readonly string[];
  /** A copy is kept by whoever made the authenticator. */
  readonly backedUp: boolean;
  /** Since when it is not taken any more: there seems to be a copy. */
  readonly suspendedAt: Date | null;
}

/** The passkeys of a person, oldest first, suspended ones included. */
export async function listPasskeys(db: Database, personId: string): Promise<PasskeyInfo[]> {
  return db
    .selectFrom('passkeys')
    .select(['id', 'name', 'transports', 'created_at as createdAt', 'used_at as usedAt'])
    .select(['backed_up as backedUp', 'suspended_at as suspendedAt'])
    .where('person_id', '=', personId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

export type PasskeyRow = Selectable<PasskeysTable>;

/** Those that would be taken now. */
export async function usablePasskeys(
  db: Database,
  { algorithms }: Pick<RelyingParty, 'algorithms'>,
  personId: string,
): Promise<PasskeyRow[]> {
  return db
    .selectFrom('passkeys')
    .selectAll()
    .where('person_id', '=', personId)
    .where('suspended_at', 'is', null)
    .where('algorithm', 'in', algorithms)
    .execute();
}

/** What somebody wants to do without from now on. */
export type Removal = { readonly passkey: string } | 'app';

/**
 * Takes a passkey or the authenticator app away, from a session that proved itself within ten minutes. The other sessions
 * end: whoever found the key may have opened them.
 * @returns whether there was such a thing.
 * @throws TidewaiterError `E_SESSION`, `E_PROVE_AGAIN`, `E_LAST_FACTOR`.
 */
export async function removeFactor(
  db: Database,
  settings: PeopleSettings,
  party: Pick<RelyingParty, 'algorithms'>,
  { token, removal, now }: { readonly token: string; readonly removal: Removal; readonly now: Date },
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const { id, personId } = openSession(mayEnrol(await holdSession(tx, settings, token, now), now));
    const removed = await removeRow(tx, personId, removal);
    const app = await tx
      .selectFrom('second_factors')
      .select('person_id')
      .where('person_id', '=', personId)
      .executeTakeFirst();
    // Thrown, so that the transaction gives back what was removed.
    if (app === undefined && (await usablePasskeys(tx, party, personId)).length === 0) throw lastFactor();
    if (!removed) return false;
    await tx.deleteFrom('sessions').where('person_id', '=', personId).where('id', '!=', id).execute();
    const [kind, subjects] =
      removal === 'app'
        ? ['person.app-removed', { person: personId }]
        : ['person.passkey-removed', { person: personId, passkey: removal.passkey }];
    await append(tx, { kind, at: now, actor: personId, subjects });
    return true;
  });
}

async function removeRow(tx: DatabaseTransaction, personId: string, removal: Removal): Promise<boolean> {
  const { numDeletedRows } =
    removal === 'app'
      ? await tx.deleteFrom('second_factors').where('person_id', '=', personId).executeTakeFirst()
      : await tx
          .deleteFrom('passkeys')
          .where('person_id', '=', personId)
          .where('id', '=', removal.passkey)
          .executeTakeFirst();
  return numDeletedRows > 0n;
}

function openSession(
  session: { readonly state: string } & Pick<OpenSession, 'id' | 'personId'>,
): Pick<OpenSession, 'id' | 'personId'> {
  if (session.state === 'open') return session;
  throw sessionError();
}

function lastFactor(): TidewaiterError {
  return new TidewaiterError(
    'E_LAST_FACTOR',
    'Without this, you would have no second factor',
    'Enrol another one first.',
  );
}
