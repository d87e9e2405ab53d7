import { createHash } from 'node:crypto';

/**
 * The hash tree of RFC 6962 section 2.1 (Certificate Transparency) over SHA-256: its proofs, and what checks them. Sizes and
 * places are whole numbers below 2^53; hashes are 32 bytes.
 */

/** The leaves from `begin` up to but without `end`, as one part of a tree. */
export interface LeafRange {
  readonly begin: number;
  readonly end: number;
}

/** A node over 2^level leaves, all of them there: leaves `index * 2^level` and on. */
export interface PerfectNode {
  readonly level: number;
  readonly index: number;
}

const HASH_BYTES = 32;

/** The root of a tree without leaves. */
export function emptyRoot(): Buffer {
  return createHash('sha256').digest();
}

/** Leaves and nodes are hashed with different first bytes, so that none can be shown as the other. */
export function leafHash(data: Uint8Array | string): Buffer {
  return createHash('sha256').update(LEAF).update(data).digest();
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** The perfect nodes that make up a part of a tree, from left to right: what has to be read to know its hash. */
export function perfectNodes({ begin, end }: LeafRange): PerfectNode[] {
  const nodes: PerfectNode[] = [];
  for (let at = begin; at < end;) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level += 1;
    nodes.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return nodes;
}

/** The hash of a part from the hashes of its {@link perfectNodes}. The part must begin where a subtree begins. */
export function joinNodes(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return emptyRoot();
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** The parts of a tree whose hashes prove that a leaf is in it, as RFC 6962 orders them. */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  checkIndex(index, size);
  const ranges: LeafRange[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + splitAt(end - begin);
    if (index < middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
    }
  }
  return ranges.reverse();
}

/** The parts of a tree whose hashes prove that it begins with an older, smaller tree. */
export function consistencyRanges(older: number, newer: number): LeafRange[] {
  if (!(older >= 0 && older <= newer)) throw new RangeError(`no tree of ${newer} grew from one of ${older}`);
  if (older === 0 || older === newer) return [];
  const ranges: LeafRange[] = [];
  let [begin, end, whole] = [0, newer, true];
  while (older !== end) {
    const middle = begin + splitAt(end - begin);
    if (older <= middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
      whole = false;
    }
  }
  // A whole older tree is known to whoever checks: its root need not be told.
  if (!whole) ranges.push({ begin, end });
  return ranges.reverse();
}

/** What a proof of inclusion says, to be checked by somebody who trusts only a root. */
export interface Inclusion {
  readonly leaf: Uint8Array;
  readonly index: number;
  /** The whole tree, or a part of it that {@link isSubtree}. */
  readonly within: LeafRange;
  readonly proof: readonly Uint8Array[];
}

/** Whether a leaf's hash is at its place in the tree or part with this root (RFC 9162, section 2.1.3.2). */
export function provesInclusion({ leaf, index, within, proof }: Inclusion, root: Uint8Array): boolean {
  const { begin, end } = within;
  if (!isSubtree(within) || !isPlace(index - begin, end - begin) || !areHashes([leaf, ...proof]))
    return false;
  let [node, last] = [index - begin, end - begin - 1];
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && same(hash, root);
}

/** What a proof of consistency says. */
export interface Consistency {
  /** An older tree, which begins at leaf 0, or another part that {@link isSubtree}. */
  readonly part: LeafRange & { readonly root: Uint8Array };
  readonly tree: { readonly size: number; readonly root: Uint8Array };
  readonly proof: readonly Uint8Array[];
}

/**
 * Whether a tree holds a part unchanged: for an older tree, that nothing in it was altered, removed or put between
 * (RFC 9162, section 2.1.4.2, widened to parts as in draft-ietf-plants-merkle-tree-certs, section 4.4). An empty part is
 * in every tree.
 */
export function provesConsistency({ part, tree, proof }: Consistency): boolean {
  if (!isSize(tree.size) || !isSubtree(part) || part.end > tree.size || !areHashes(proof)) return false;
  if (part.begin === part.end) return proof.length === 0 && same(part.root, emptyRoot());
  let [first, end, last] = [part.begin, part.end - 1, tree.size - 1];
  const climb = (): void => {
    [first, end, last] = [half(first), half(end), half(last)];
  };
  // What lies wholly in the part needs no proof: up to the highest node that only it makes.
  if (end === last) while (first !== end) climb();
  else while (first !== end && end % 2 === 1) climb();
  const [start, ...rest] = first === end ? [part.root, ...proof] : proof;
  if (start === undefined) return false;
  let [partHash, treeHash] = [start, start];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (end % 2 === 1 || end === last) {
      if (first < end) partHash = nodeHash(sibling, partHash);
      treeHash = nodeHash(sibling, treeHash);
      while (end % 2 === 0 && end !== 0) climb();
    } else {
      treeHash = nodeHash(treeHash, sibling);
    }
    climb();
  }
  return last === 0 && same(partHash, part.root) && same(treeHash, tree.root);
}

/** Whether leaves make one subtree: they begin at a multiple of the power of two that holds them. */
export function isSubtree({ begin, end }: LeafRange): boolean {
  if (!isSize(begin) || !isSize(end) || begin > end) return false;
  let power = 1;
  while (power < end - begin) power *= 2;
  return begin % power === 0;
}

/** The largest power of two below a size of at least 2: where RFC 6962 divides a tree. */
function splitAt(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function isSize(size: number): boolean {
  return Number.isSafeInteger(size) && size >= 0;
}

function isPlace(index: number, size: number): boolean {
  return isSize(index) && isSize(size) && index < size;
}

function checkIndex(index: number, size: number): void {
  if (!isPlace(index, size)) throw new RangeError(`there is no leaf ${index} among ${size}`);
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every(({ length }) => length === HASH_BYTES);
}
