import { append } from '../ledger/ledger.ts';
import type { Database } from '../store/database.ts';
import { inTransaction, lockPerson } from './transaction.ts';

/** A session as its person sees it. */
export interface SessionInfo {
  readonly id: string;
  readonly startedAt: Date;
  /** A few seconds behind. */
  readonly seenAt: Date;
  readonly expiresAt: Date;
  /** From where it was last used; null while it was not. */
  readonly address: string | null;
  readonly device: string | null;
}

/** The sessions of a person that got past the second factor, last used first. */
export async function listSessions(
  db: Database,
  { personId, now }: { readonly personId: string; readonly now: Date },
): Promise<SessionInfo[]> {
  return db
    .selectFrom('sessions')
    .select(['id', 'created_at as startedAt', 'seen_at as seenAt', 'expires_at as expiresAt'])
    .select(['address', 'device'])
    .where('person_id', '=', personId)
    .where('second_factor_at', 'is not', null)
    .where('expires_at', '>', now)
    .orderBy('seen_at', 'desc')
    .orderBy('id')
    .execute();
}

/**
 * A person ends sessions of their own: one, or all but the one they use, begun ones included.
 * @returns how many there were.
 */
export async function endSessions(
  db: Database,
  {
    personId,
    which,
    now,
  }: {
    readonly personId: string;
    readonly which: { readonly id: string } | { readonly not: string };
    readonly now: Date;
  },
): Promise<number> {
  return inTransaction(db, async (tx) => {
    await lockPerson(tx, personId);
    const own = tx.deleteFrom('sessions').where('person_id', '=', personId);
    const { numDeletedRows } = await (
      'id' in which ? own.where('id', '=', which.id) : own.where('id', '!=', which.not)
    ).executeTakeFirst();
    const sessions = Number(numDeletedRows);
    const event = { kind: 'person.sessions-ended', at: now, actor: personId };
    if (sessions > 0) await append(tx, { ...event, subjects: { person: personId }, facts: { sessions } });
    return sessions;
  });
}
