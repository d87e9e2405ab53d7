import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { needs, sharedData } from '../../../test/needs.ts';
import { Random } from '../../core/random.ts';
import {
  consistencyRanges,
  emptyRoot,
  inclusionRanges,
  joinNodes,
  leafHash,
  nodeHash,
  perfectNodes,
  provesConsistency,
  provesInclusion,
  type LeafRange,
} from './merkle.ts';

interface Vector {
  readonly id: string;
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
  readonly root?: string;
  readonly leafHash?: string;
  readonly leafIdx?: number;
  readonly treeSize?: number;
  readonly start?: number;
  readonly end?: number;
  readonly size?: number;
  readonly size1?: number;
  readonly size2?: number;
  readonly root1?: string;
  readonly root2?: string;
}

const folder = join(sharedData, 'governance/merkle');
const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
const bytes = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64');

/** Proofs are of whole trees, or of parts of them. */
const rangeOf = ({ start = 0, end, treeSize, size1 }: Vector): LeafRange => ({
  begin: start,
  end: end ?? treeSize ?? size1 ?? NaN,
});

/** RFC 6962 section 2.1, word by word. */
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return emptyRoot();
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

describe('the hash tree', () => {
  test('answers as 310 public proofs say', (t) => {
    if (!needs(t, 'shared')) return;
    const vectors = read<Vector[]>('rfc6962_proofs.json');
    const wrong = vectors.filter((vector) => {
      const proof = (vector.proof ?? []).map(bytes);
      const accepted =
        vector.root1 === undefined
          ? provesInclusion(
              { leaf: bytes(vector.leafHash), index: vector.leafIdx ?? NaN, within: rangeOf(vector), proof },
              bytes(vector.root),
            )
          : provesConsistency({
              part: { ...rangeOf(vector), root: bytes(vector.root1) },
              tree: { size: vector.size2 ?? vector.size ?? NaN, root: bytes(vector.root2) },
              proof,
            });
      return accepted === vector.wantErr;
    });
    assert.deepEqual(
      wrong.map(({ id }) => id),
      [],
    );
    assert.equal(vectors.length, 310);
    assert.equal(vectors.filter(({ wantErr }) => wantErr).length, 286);
  });

  test('hashes leaves and nodes as the public tree does', (t) => {
    if (!needs(t, 'shared')) return;
    const tree = read<{
      leaf_inputs_hex: string[];
      leaf_hashes: string[];
      level1: string[];
      level2: string[];
    }>('rfc6962_tree.json');
    const leaves = tree.leaf_inputs_hex.map((hex) => leafHash(Buffer.from(hex, 'hex')));
    assert.deepEqual(
      leaves.map((hash) => hash.toString('hex')),
      tree.leaf_hashes,
    );
    const above = (hashes: readonly Buffer[]): Buffer[] =>
      Array.from({ length: hashes.length / 2 }, (_, i) => nodeHash(hashes[2 * i]!, hashes[2 * i + 1]!));
    assert.deepEqual(
      above(leaves).map((hash) => hash.toString('hex')),
      tree.level1,
    );
    assert.deepEqual(
      above(above(leaves)).map((hash) => hash.toString('hex')),
      tree.level2,
    );
  });

  test('proves every leaf and every growth of trees of up to 40 leaves, and nothing else', () => {
    const random = new Random('merkle');
    const leaves = Array.from({ length: 40 }, (_, i) => leafHash(String(i)));
    const hashOf = (range: LeafRange): Uint8Array =>
      joinNodes(
        perfectNodes(range).map(({ level, index }) =>
          naiveRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
        ),
      );
    for (let size = 1; size <= leaves.length; size++) {
      const root = naiveRoot(leaves.slice(0, size));
      assert.deepEqual(Buffer.from(hashOf({ begin: 0, end: size })), Buffer.from(root));
      for (let index = 0; index < size; index++) {
        const proof = inclusionRanges(index, size).map(hashOf);
        const said = { leaf: leaves[index]!, index, within: { begin: 0, end: size }, proof };
        assert.ok(provesInclusion(said, root));
        const other = random.integer(size);
        assert.equal(provesInclusion({ ...said, index: other }, root), other === index);
        assert.ok(!provesInclusion({ ...said, proof: [...proof, root] }, root));
      }
      for (let older = 0; older <= size; older++) {
        const proof = consistencyRanges(older, size).map(hashOf);
        const part = { begin: 0, end: older, root: naiveRoot(leaves.slice(0, older)) };
        const tree = { size, root };
        assert.ok(provesConsistency({ part, tree, proof }), `${older} of ${size}`);
        const changed = { ...part, root: leafHash('another history') };
        assert.ok(!provesConsistency({ part: changed, tree, proof }));
      }
    }
  });
});
