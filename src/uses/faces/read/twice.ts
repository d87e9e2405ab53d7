import { hashOf } from './names.ts';
import { growing } from './growing.ts';

/** Finds what occurs twice among many, from 64 bits of each. */
export class Twice {
  readonly #halves = growing.words();

  add(bytes: Buffer, start: number, end: number): void {
    const [low, high] = halvesOf(bytes, start, end);
    this.#halves.push(low);
    this.#halves.push(high);
  }

  /** How many equal an earlier one, and the two halves of one of them. */
  repeated(): { readonly count: number; readonly halves: readonly [number, number] | undefined } {
    const own = this.#halves.values();
    const both = new BigUint64Array(own.buffer, own.byteOffset, own.length / 2).sort();
    const halves = new Uint32Array(both.buffer, both.byteOffset, own.length);
    let count = 0;
    let last: [number, number] | undefined;
    for (let at = 2; at < halves.length; at += 2)
      if (halves[at] === halves[at - 2] && halves[at + 1] === halves[at - 1]) {
        count += 1;
        last = [halves[at]!, halves[at + 1]!];
      }
    return { count, halves: last };
  }
}

/** Two hashes that mix in different ways. */
export function halvesOf(bytes: Buffer, start: number, end: number): [number, number] {
  let other = end - start;
  for (let at = start; at < end; at++) {
    other = Math.imul(other ^ bytes[at]!, 0x5bd1e995);
    other ^= other >>> 13;
  }
  return [hashOf(bytes, start, end), other >>> 0];
}
