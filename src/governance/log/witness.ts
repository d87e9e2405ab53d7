import { appendFile, readFile } from 'node:fs/promises';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import type { VerifyKey } from '../../platform/secrets/signing-keys.ts';
import type { Database } from '../../platform/store/database.ts';
import { openCheckpoint } from './checkpoint.ts';
import { proveGrowth, type SignedHead } from './log.ts';
import { provesConsistency } from './merkle.ts';

/** Two empty lines end a note in the file of a witness: a note holds one. */
const END = '\n\n';

/** The signed notes in the file of a witness, oldest first. */
export function witnessedNotes(file: string): string[] {
  return file
    .split(`\n${END}`)
    .filter((note) => note !== '')
    .map((note) => `${note}\n`);
}

/**
 * Writes a signed head behind those that a witness has. Before that, the ledger must prove that it still begins with what
 * the witness saw last: whoever rewrites the database cannot do it unseen.
 * @throws TidewaiterError `E_LEDGER_WITNESS`.
 */
export async function tellWitness(
  file: string,
  head: SignedHead,
  { db, keys }: { readonly db: Database; readonly keys: readonly VerifyKey[] },
): Promise<void> {
  const last = witnessedNotes(await read(file)).at(-1);
  if (last === head.note) return;
  if (last !== undefined) await checkGrowth(last, head, { db, keys });
  await appendFile(file, head.note + END, { flush: true, mode: 0o600 }).catch((error: Error) => {
    throw failed(`its file cannot be written: ${error.message}`);
  });
}

async function checkGrowth(
  last: string,
  head: SignedHead,
  { db, keys }: { readonly db: Database; readonly keys: readonly VerifyKey[] },
): Promise<void> {
  const seen = keys
    .map(({ publicKey }) => openCheckpoint(last, publicKey))
    .find((note) => note !== undefined);
  if (seen === undefined) throw failed('its last head was not signed by this ledger');
  if (seen.size > head.size) throw failed(`it saw ${seen.size} entries, and the ledger has ${head.size}`);
  const part = { begin: 0, end: seen.size, root: seen.root };
  const proof = await proveGrowth(db, seen.size, head.size);
  if (!provesConsistency({ part, tree: head, proof }))
    throw failed(`the first ${seen.size} entries are not those that it saw`);
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: Error) => {
    if (systemCode(error) === 'ENOENT') return '';
    throw failed(`its file cannot be read: ${error.message}`);
  });
}

function failed(what: string): TidewaiterError {
  return new TidewaiterError(
    'E_LEDGER_WITNESS',
    `The witness of the ledger could not be told: ${what}`,
    'Look at the file that ledger.witness names. If entries were lost or changed, find out why before you replace it.',
  );
}
