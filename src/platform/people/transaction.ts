import { type Selectable, sql } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import type { PeopleTable } from './tables.ts';

/** Does the work in the caller's transaction where there is one, or in one of its own. */
export async function inTransaction<T>(
  db: Database,
  work: (tx: DatabaseTransaction) => Promise<T>,
): Promise<T> {
  return db.isTransaction ? work(db as DatabaseTransaction) : db.transaction().execute(work);
}

/**
 * Does the work in a transaction of its own. An error that the work *returns* is thrown after the transaction was kept:
 * counts of failures and the log of refusals must not be undone by the refusal itself.
 */
export async function keepingRefusal<T>(
  db: Database,
  work: (tx: DatabaseTransaction) => Promise<T | TidewaiterError>,
): Promise<T> {
  const result = await db.transaction().execute(work);
  if (result instanceof TidewaiterError) throw result;
  return result;
}

export type PersonRow = Selectable<PeopleTable>;

/**
 * Reads a person and holds the row until the transaction ends. Whatever makes or ends sessions, or uses up a code, takes
 * this first, so that it happens in turn for each person. Rows that refer to the person can still be written meanwhile.
 * @throws TidewaiterError `E_PERSON_UNKNOWN`.
 */
export async function lockPerson(tx: DatabaseTransaction, id: string): Promise<PersonRow> {
  const person = await tx
    .selectFrom('people')
    .selectAll()
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (person !== undefined) return person;
  throw new TidewaiterError(
    'E_PERSON_UNKNOWN',
    'There is no such person',
    'Check the login, or ask an administrator who has an account.',
  );
}

/** Held by whoever takes an admin away: only one at a time may count those that are left. Taken before a person. */
export async function lockAdmins(tx: DatabaseTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('tidewaiter.people.admins', 0))`.execute(tx);
}
