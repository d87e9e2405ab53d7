import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { ObjectKey } from './chunks.ts';

const KEY_BYTES = 32;
const PART_BYTES = 4 + KEY_BYTES;

/** A key, and the first chunk that is sealed with it; it seals all that follow, up to the next part's first. */
export interface KeyPart {
  readonly first: number;
  readonly key: KeyObject;
}

/**
 * The keys of one object, in the order of their chunks. There is one, unless several processes wrote the object one after the
 * other: each seals with a key of its own, as none can know what the one before it had sealed and not brought to the disk, and
 * a nonce must not be used twice under a key.
 */
export interface ObjectKeys {
  readonly assetId: string;
  readonly parts: readonly KeyPart[];
}

export function newKeyPart(first: number): KeyPart {
  return { first, key: newKey() };
}

export function newKey(): KeyObject {
  return createSecretKey(randomBytes(KEY_BYTES));
}

/** The key of a chunk. */
export function keyAt({ assetId, parts }: ObjectKeys, index: number): ObjectKey {
  const part = parts.findLast(({ first }) => first <= index);
  if (part === undefined) throw new RangeError(`no key for chunk ${index}`);
  return { key: part.key, assetId };
}

/** A single key as it is; of several, each after the index of its first chunk (32 bits, big-endian). */
export function encodeKeys(parts: readonly KeyPart[]): Buffer {
  const [only] = parts;
  return parts.length === 1 && only?.first === 0 ? only.key.export() : encodeParts(parts);
}

export function encodeParts(parts: readonly KeyPart[]): Buffer {
  return Buffer.concat(
    parts.map(({ first, key }) => {
      const index = Buffer.alloc(4);
      index.writeUInt32BE(first);
      return Buffer.concat([index, key.export()]);
    }),
  );
}

/** @param bytes what {@link encodeKeys} or {@link encodeParts} gave: they were authenticated. */
export function decodeKeys(bytes: Buffer): KeyPart[] {
  if (bytes.length === KEY_BYTES) return [{ first: 0, key: createSecretKey(bytes) }];
  if (bytes.length % PART_BYTES !== 0) throw new RangeError(`${bytes.length} bytes are no keys`);
  return Array.from({ length: bytes.length / PART_BYTES }, (_, index) => {
    const part = bytes.subarray(index * PART_BYTES, (index + 1) * PART_BYTES);
    return { first: part.readUInt32BE(), key: createSecretKey(part.subarray(4)) };
  });
}
