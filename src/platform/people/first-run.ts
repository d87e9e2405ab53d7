import { TidewaiterError } from '../../core/errors.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import { createPerson, type NewPerson } from './accounts.ts';
import { codeHash, newCode } from './codes.ts';
import { grantRole } from './grants.ts';
import { refused } from './refusals.ts';
import type { PeopleSettings } from './settings.ts';
import { inTransaction, keepingRefusal } from './transaction.ts';

const hoursToClaim = 24;

/**
 * A code to be shown where only whoever started the server sees it; it makes its bearer the first administrator. Each
 * start replaces the one before; it lasts a day.
 * @returns undefined when there are people already.
 */
export async function firstRunCode(db: Database, now: Date): Promise<string | undefined> {
  return inTransaction(db, async (tx) => {
    if (await hasPeople(tx)) return undefined;
    const code = newCode();
    const row = { code_hash: codeHash(code), expires_at: new Date(now.getTime() + hoursToClaim * 3_600_000) };
    await tx
      .insertInto('first_run')
      .values(row)
      .onConflict((conflict) => conflict.column('single').doUpdateSet(row))
      .execute();
    return code;
  });
}

/**
 * Makes the first administrator, of all sites. Of several claims at the same time, one succeeds.
 * @param db no transaction: a refusal is logged even though the call is refused.
 * @returns the person's id.
 * @throws TidewaiterError `E_FIRST_RUN`, `E_PERSON`, `E_PASSWORD`; after the last two the code is still good.
 */
export async function claimFirstRun(
  db: Database,
  settings: PeopleSettings,
  {
    code,
    person,
    address,
    now,
  }: { readonly code: string; readonly person: NewPerson; readonly address: string; readonly now: Date },
): Promise<string> {
  return keepingRefusal<string>(db, async (tx) => {
    // Whoever deletes the row is the one; others wait for it here and then find it gone.
    const claimed = await tx
      .deleteFrom('first_run')
      .where('code_hash', '=', codeHash(code))
      .where('expires_at', '>', now)
      .returning('single')
      .executeTakeFirst();
    if (claimed === undefined || (await hasPeople(tx))) {
      await refused(tx, { kind: 'first-run', address, at: now });
      return new TidewaiterError(
        'E_FIRST_RUN',
        'This is not the code of the last start, or it was used or is over',
        'Take the code that the last start printed, or start again for a new one.',
      );
    }
    const personId = await createPerson(tx, settings, { person, now });
    await grantRole(tx, { personId, grant: { site: '*', role: 'admin' }, now });
    return personId;
  });
}

async function hasPeople(tx: DatabaseTransaction): Promise<boolean> {
  return (await tx.selectFrom('people').select('id').limit(1).executeTakeFirst()) !== undefined;
}
