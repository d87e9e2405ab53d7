import { joinNodes, nodeHash } from './merkle.ts';

/** The right edge of a growing tree: all that is needed to know its root after each further leaf. */
export class Frontier {
  /** Perfect subtrees from left to right, each smaller than the one before. */
  readonly #nodes: { readonly leaves: number; readonly hash: Uint8Array }[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(leaf: Uint8Array): void {
    let node = { leaves: 1, hash: leaf };
    for (let last = this.#nodes.at(-1); last?.leaves === node.leaves; last = this.#nodes.at(-1)) {
      this.#nodes.pop();
      node = { leaves: 2 * node.leaves, hash: nodeHash(last.hash, node.hash) };
    }
    this.#nodes.push(node);
    this.#size += 1;
  }

  root(): Uint8Array {
    return joinNodes(this.#nodes.map(({ hash }) => hash));
  }
}
