import { sql } from 'kysely';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { SigningKey } from '../../core/signing-key.ts';
import type { PlacedEvent } from '../../platform/ledger/ledger.ts';
import type { Database, DatabaseTransaction } from '../../platform/store/database.ts';
import { signCheckpoint } from './checkpoint.ts';
import { consistencyRanges, emptyRoot, inclusionRanges, leafHash } from './merkle.ts';
import { growTree, hashesOf, treeSize } from './tiles.ts';

interface LedgerHeadsTable {
  readonly size: number;
  readonly root: Buffer;
  readonly note: string;
  readonly signed_at: Date;
}

declare module '../../platform/store/tables.ts' {
  interface Tables {
    ledger_heads: LedgerHeadsTable;
  }
}

/** How many entries there are, and the root over them. */
export interface Head {
  readonly size: number;
  readonly root: Uint8Array;
}

/** A head that was signed: see {@link openCheckpoint}. */
export interface SignedHead extends Head {
  readonly note: string;
  readonly signedAt: Date;
}

/** The hash of an entry in the tree. */
export function entryLeaf(event: object): Buffer {
  return leafHash(canonicalJson(event));
}

/** Takes entries into the tree, in the transaction that gave them their places. */
export async function keepInTree(tx: DatabaseTransaction, placed: readonly PlacedEvent[]): Promise<void> {
  const [first] = placed;
  if (first === undefined) return;
  let size = await treeSize(tx);
  // Entries of the time before there was a tree.
  while (size < first.index) {
    const earlier = await entriesFrom(tx, size, Math.min(BATCH, first.index - size));
    await growTree(tx, size, earlier.map(leafOf));
    size += earlier.length;
  }
  await growTree(tx, size, placed.map(leafOf));
}

const BATCH = 5000;

function leafOf({ event }: { readonly event: object }): Buffer {
  return entryLeaf(event);
}

/** Entries in their order, at most so many. */
export async function entriesFrom(
  db: Database | DatabaseTransaction,
  index: number,
  most = BATCH,
): Promise<{ readonly index: number; readonly event: object }[]> {
  return db
    .selectFrom('ledger')
    .select(['index', 'event'])
    .where('index', '>=', index)
    .orderBy('index')
    .limit(most)
    .execute();
}

/** The tree as it is now. */
export async function currentHead(db: Database | DatabaseTransaction): Promise<Head> {
  const size = await treeSize(db);
  const [root = emptyRoot()] = size === 0 ? [] : await hashesOf(db, [{ begin: 0, end: size }]);
  return { size, root };
}

/** Any number will do, as long as it is the same everywhere. */
const SIGNER_LOCK = 7_210_413;

/**
 * Signs the tree as it is, unless it has not grown since it was signed last. Any number of processes may call it.
 * @param origin name of this log.
 * @returns the newest signed head; undefined for an empty log.
 */
export async function signHead(
  db: Database,
  { origin, key, now }: { readonly origin: string; readonly key: SigningKey; readonly now: Date },
): Promise<SignedHead | undefined> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${SIGNER_LOCK})`.execute(tx);
    const [signed, head] = [await newestHead(tx), await currentHead(tx)];
    if (head.size === (signed?.size ?? 0)) return signed;
    const note = signCheckpoint({ origin, ...head, at: now }, key);
    await tx
      .insertInto('ledger_heads')
      .values({ size: head.size, root: Buffer.from(head.root), note, signed_at: now })
      .execute();
    return { ...head, note, signedAt: now };
  });
}

/** The head that was signed last. */
export async function newestHead(db: Database | DatabaseTransaction): Promise<SignedHead | undefined> {
  return db
    .selectFrom('ledger_heads')
    .select(['size', 'root', 'note', 'signed_at as signedAt'])
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Proves that an entry is in the tree of a size: hashes for {@link provesInclusion}. */
export async function proveEntry(db: Database, index: number, size: number): Promise<Uint8Array[]> {
  return hashesOf(db, inclusionRanges(index, size));
}

/** Proves that the tree of a size begins with that of a smaller one: hashes for {@link provesConsistency}. */
export async function proveGrowth(db: Database, older: number, newer: number): Promise<Uint8Array[]> {
  return hashesOf(db, consistencyRanges(older, newer));
}
