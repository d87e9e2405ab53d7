import { randomBytes } from 'node:crypto';
import type { DatabaseTransaction } from '../store/database.ts';
import { commitment } from './ledger.ts';

interface LedgerWordsTable {
  readonly commitment: string;
  readonly key: Buffer;
  readonly words: string;
}

declare module '../store/tables.ts' {
  interface Tables {
    ledger_words: LedgerWordsTable;
  }
}

/**
 * Keeps words that may be personal, such as a reason, outside of the ledger, with a key of their own.
 * @returns the commitment to them, for an event's facts: whoever has the row can show that these words were given, and once it is
 * deleted nobody can tell what they were.
 */
export async function commitTo(tx: DatabaseTransaction, words: string): Promise<string> {
  const key = randomBytes(32);
  const committed = commitment(key, words);
  await tx.insertInto('ledger_words').values({ commitment: committed, key, words }).execute();
  return committed;
}
