import { bytesOf, nodeHash } from '../admin/ledger-proof.ts';

/** A tree of the ledger, with its root as base64. */
export interface Tree {
  readonly size: number;
  readonly root: string;
}

/**
 * Whether a tree continues an older one unchanged (RFC 9162 section 2.1.4.2), by the browser's own cryptography.
 * @param proof hashes, base64.
 */
export async function isContinued(older: Tree, newer: Tree, proof: readonly string[]): Promise<boolean> {
  if (older.size === 0 || older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && older.root === newer.root;
  let [at, last] = [older.size - 1, newer.size - 1];
  const climb = (): void => {
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  };
  while (at % 2 === 1) climb();
  // A whole older tree is known already: its root need not be told.
  const [start, ...rest] = at === 0 ? [older.root, ...proof] : proof;
  if (start === undefined) return false;
  let [oldHash, newHash] = [bytesOf(start), bytesOf(start)];
  for (const text of rest) {
    if (last === 0) return false;
    const other = bytesOf(text);
    if (at % 2 === 1 || at === last) {
      oldHash = await nodeHash(other, oldHash);
      newHash = await nodeHash(other, newHash);
      while (at % 2 === 0 && at !== 0) climb();
    } else {
      newHash = await nodeHash(newHash, other);
    }
    climb();
  }
  const text = (hash: Uint8Array): string => btoa(String.fromCharCode(...hash));
  return last === 0 && text(oldHash) === older.root && text(newHash) === newer.root;
}
