import type { Random } from '../../src/core/random.ts';

/** One way to damage a file. */
type Mutation = (bytes: Buffer, random: Random) => Buffer;

const mutations: Readonly<Record<string, Mutation>> = {
  'flipped bits': (bytes, random) => {
    const count = 1 + random.integer(40);
    for (let flip = 0; flip < count; flip += 1) {
      const at = random.integer(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(8));
    }
    return bytes;
  },
  'flipped bits in the first kilobyte': (bytes, random) => {
    const end = Math.min(1024, bytes.length);
    for (let flip = 0; flip <= random.integer(8); flip += 1) {
      const at = random.integer(end);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(8));
    }
    return bytes;
  },
  'a run of zeros': (bytes, random) => {
    const { from, to } = stretch(bytes, random);
    return bytes.fill(0, from, to);
  },
  'a run of noise': (bytes, random) => {
    const { from, to } = stretch(bytes, random);
    for (let at = from; at < to; at += 1) bytes[at] = random.integer(256);
    return bytes;
  },
  'cut off': (bytes, random) => bytes.subarray(0, 1 + random.integer(bytes.length - 1)),
  'a part missing': (bytes, random) => {
    const { from, to } = stretch(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  'a part twice': (bytes, random) => {
    const { from, to } = stretch(bytes, random);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
};

/** Damages a copy of the bytes in a way that the random numbers choose. */
export function mutate(bytes: Buffer, random: Random): Buffer {
  const name = random.pick(Object.keys(mutations));
  return mutations[name]?.(Buffer.from(bytes), random) ?? bytes;
}

/** Up to a twentieth of the file, anywhere. */
function stretch(bytes: Buffer, random: Random): { from: number; to: number } {
  const from = random.integer(bytes.length);
  return { from, to: Math.min(bytes.length, from + 1 + random.integer(Math.ceil(bytes.length / 20))) };
}
