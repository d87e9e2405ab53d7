/**
 * Seeded random numbers for scenes, tests and resampling: the same seed gives the same sequence on every machine.
 * Never for secrets.
 *
 * The generator is xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS
 * 47(4), 2021; period 2^128 - 1). Seeds are spread over its state with FNV-1a and the finaliser of MurmurHash3.
 */
export class Random {
  readonly #state: Uint32Array;

  /** Any number or text; `7` and `'7'` are the same seed. Name a stream with text such as `scene-3/plates`. */
  constructor(seed: number | string) {
    this.#state = spread(String(seed));
  }

  /** Uniform in 0 (included) .. 1 (excluded), in steps of 2^-32. */
  next(): number {
    return nextUint32(this.#state) / 0x1_0000_0000;
  }

  /** Uniform whole number in 0 .. n - 1, for n from 1 to about a million (beyond it the bias of 2^-32 n grows). */
  integer(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** Uniform in `low` (included) .. `high` (excluded). */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Standard normal: mean 0, deviation 1 (Box and Muller, 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** One element of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('cannot pick from an empty list');
    return list[this.integer(list.length)] as T;
  }

  /** A new list in random order (Fisher and Yates, 1938). */
  shuffle<T>(list: readonly T[]): T[] {
    const shuffled = [...list];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const moved = shuffled[last] as T;
      shuffled[last] = shuffled[other] as T;
      shuffled[other] = moved;
    }
    return shuffled;
  }
}

/** One step of xoshiro128**: changes the four words of `state` and returns 32 random bits. */
export function nextUint32(state: Uint32Array): number {
  const a = state[0]!;
  const b = state[1]!;
  const c = state[2]! ^ a;
  const d = state[3]! ^ b;
  state[0] = a ^ d;
  state[1] = b ^ c;
  state[2] = c ^ (b << 9);
  state[3] = rotateLeft(d, 11);
  return Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function spread(seed: string): Uint32Array {
  let hash = 0x811c9dc5;
  const state = new Uint32Array(4);
  for (let word = 0; word < 4; word++) {
    for (let at = 0; at < seed.length; at++) hash = Math.imul(hash ^ seed.charCodeAt(at), 0x01000193);
    hash = (hash + 0x9e3779b9) | 0;
    state[word] = finalise(hash);
  }
  return state;
}

function finalise(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
