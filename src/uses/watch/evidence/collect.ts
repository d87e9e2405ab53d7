import type { KeyObject } from 'node:crypto';
import { publicKeyPem } from '../../../core/signing-key.ts';
import { entriesFrom, newestHead, proveEntry } from '../../../governance/log/log.ts';
import type { Database } from '../../../platform/store/database.ts';
import { evidenceError } from './errors.ts';
import type { LedgerProofs } from './parts.ts';

/**
 * Proofs for entries of the ledger under its newest signed head.
 * @param keys that signed heads of the ledger: `platform.keys.verifying('ledger')`.
 * @throws TidewaiterError `E_EVIDENCE` for an entry that no signed head is over yet.
 */
export async function proveEntries(
  db: Database,
  keys: readonly KeyObject[],
  indexes: readonly number[],
): Promise<LedgerProofs> {
  const head = await newestHead(db);
  const entries = await Promise.all(
    indexes.map(async (index) => {
      const [entry] = head === undefined || index >= head.size ? [] : await entriesFrom(db, index, 1);
      if (head === undefined || entry?.index !== index)
        throw evidenceError(
          `Entry ${index} of the ledger is not under a signed head yet`,
          'Wait a minute, and make the package again.',
        );
      const proof = await proveEntry(db, index, head.size);
      return {
        index,
        event: { ...entry.event },
        proof: proof.map((hash) => Buffer.from(hash).toString('base64')),
      };
    }),
  );
  return { head: head?.note ?? '', keys: keys.map(publicKeyPem), entries };
}
