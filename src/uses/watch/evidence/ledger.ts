import type { KeyObject } from 'node:crypto';
import { openCheckpoint } from '../../../governance/log/checkpoint.ts';
import { entryLeaf } from '../../../governance/log/log.ts';
import { provesInclusion } from '../../../governance/log/merkle.ts';
import { keyFingerprint, parseVerifyKey } from '../../../core/signing-key.ts';
import { ledgerProofsSchema, names, type LedgerProofs } from './parts.ts';

/** What the proofs of the ledger in a package show. */
export interface LedgerFinding {
  readonly problems: readonly string[];
  /** Entries that are proved. */
  readonly entries: number;
  /** Of the tree that the head is over, and when it was signed; absent when no key fits it. */
  readonly head?: {
    readonly origin: string;
    readonly size: number;
    readonly at: Date;
    /** Fingerprint of the key that signed it: compare it with the installation's. */
    readonly signedBy: string;
  };
}

/** Checks that each entry is under the signed head, and is about one of these ids. */
export function verifyLedger(content: Buffer | undefined, subjects: readonly string[]): LedgerFinding {
  const proofs = parse(content);
  if (proofs === undefined) return { entries: 0, problems: [`${names.ledger} is not what a package has`] };
  const signed = openHead(proofs);
  if (signed === undefined)
    return { entries: 0, problems: [`${names.ledger}: none of its keys signed its head`] };
  const problems = proofs.entries.flatMap(({ index, event, proof }) => {
    const claim = {
      leaf: entryLeaf(event),
      index,
      within: { begin: 0, end: signed.size },
      proof: proof.map((hash) => Buffer.from(hash, 'base64')),
    };
    if (!provesInclusion(claim, signed.root))
      return [`${names.ledger}: entry ${index} is not in the ledger as it is shown here`];
    const about: unknown = event['subjects'];
    const ids = typeof about === 'object' && about !== null ? Object.values(about) : [];
    const fits = ids.some((id) => typeof id === 'string' && subjects.includes(id));
    return fits ? [] : [`${names.ledger}: entry ${index} is about something else`];
  });
  const { origin, size, at, signedBy } = signed;
  return { problems, entries: proofs.entries.length - problems.length, head: { origin, size, at, signedBy } };
}

function parse(content: Buffer | undefined): LedgerProofs | undefined {
  try {
    return ledgerProofsSchema.safeParse(JSON.parse(content?.toString() ?? '')).data;
  } catch {
    return undefined;
  }
}

function openHead({
  head,
  keys,
}: LedgerProofs):
  (NonNullable<ReturnType<typeof openCheckpoint>> & { readonly signedBy: string }) | undefined {
  for (const pem of keys) {
    const key = keyIn(pem);
    const opened = key === undefined ? undefined : openCheckpoint(head, key);
    if (key !== undefined && opened !== undefined) return { ...opened, signedBy: keyFingerprint(key) };
  }
  return undefined;
}

function keyIn(pem: string): KeyObject | undefined {
  try {
    return parseVerifyKey(pem, names.ledger);
  } catch {
    return undefined;
  }
}
