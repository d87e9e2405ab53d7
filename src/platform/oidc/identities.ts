import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../ledger/ledger.ts';
import { lockPerson } from '../people/transaction.ts';
import type { Database } from '../store/database.ts';
import { normalIssuer, type Identity } from './provider.ts';

/** Who a person is at a provider. */
export interface OidcIdentitiesTable {
  /** As {@link normalIssuer} writes it. */
  readonly issuer: string;
  readonly subject: string;
  readonly person_id: string;
  readonly linked_at: Date;
}

declare module '../store/tables.ts' {
  interface Tables {
    oidc_identities: OidcIdentitiesTable;
  }
}

/** What an administrator changes, for whom. */
export interface IdentityChange {
  readonly personId: string;
  readonly identity: Identity;
  /** Id of the administrator. */
  readonly actor: string;
  readonly now: Date;
}

/** Identities of a person, in the order they were linked. */
export async function listIdentities(db: Database, personId: string): Promise<Identity[]> {
  return db
    .selectFrom('oidc_identities')
    .select(['issuer', 'subject'])
    .where('person_id', '=', personId)
    .orderBy('linked_at')
    .orderBy('subject')
    .execute();
}

/**
 * Lets whoever the provider confirms as this identity sign in as the person. One that is theirs already is no error.
 * @throws TidewaiterError `E_PERSON_UNKNOWN`, `E_IDENTITY_TAKEN`.
 */
export async function linkIdentity(db: Database, change: IdentityChange): Promise<void> {
  const { personId, identity, actor, now } = change;
  await db.transaction().execute(async (tx) => {
    await lockPerson(tx, personId);
    const issuer = normalIssuer(identity.issuer);
    const linked = await tx
      .insertInto('oidc_identities')
      .values({ issuer, subject: identity.subject, person_id: personId, linked_at: now })
      .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doNothing())
      .returning('person_id')
      .executeTakeFirst();
    if (linked !== undefined) {
      await append(tx, { kind: 'person.identity-linked', at: now, actor, subjects: { person: personId } });
      return;
    }
    const { person_id: owner } = await tx
      .selectFrom('oidc_identities')
      .select('person_id')
      .where('issuer', '=', issuer)
      .where('subject', '=', identity.subject)
      .executeTakeFirstOrThrow();
    if (owner === personId) return;
    throw new TidewaiterError(
      'E_IDENTITY_TAKEN',
      'This identity is linked to somebody else',
      'Take it away from that person first.',
    );
  });
}

/**
 * Takes an identity away from a person and ends that person's sessions. One that is not theirs is no error.
 * @throws TidewaiterError `E_PERSON_UNKNOWN`.
 */
export async function unlinkIdentity(db: Database, change: IdentityChange): Promise<void> {
  const { personId, identity, actor, now } = change;
  await db.transaction().execute(async (tx) => {
    await lockPerson(tx, personId);
    const { numDeletedRows } = await tx
      .deleteFrom('oidc_identities')
      .where('issuer', '=', normalIssuer(identity.issuer))
      .where('subject', '=', identity.subject)
      .where('person_id', '=', personId)
      .executeTakeFirst();
    if (numDeletedRows === 0n) return;
    await tx.deleteFrom('sessions').where('person_id', '=', personId).execute();
    await append(tx, { kind: 'person.identity-unlinked', at: now, actor, subjects: { person: personId } });
  });
}
