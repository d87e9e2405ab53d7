import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals the bytes of a draft behind its last whole chunk (AES-256-GCM). The same place is sealed again with each visit, so its
 * nonce is random, and its key seals nothing else.
 * @returns nonce, sealed bytes, tag.
 */
export function sealTail(
  key: KeyObject,
  assetId: string,
  offset: number,
  plain: readonly Uint8Array[],
): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(tailContext(assetId, offset));
  const sealed = plain.map((piece) => cipher.update(piece));
  cipher.final();
  return Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]);
}

/** Undefined when it does not verify, or belongs to another offset. */
export function openTail(
  key: KeyObject,
  assetId: string,
  offset: number,
  sealed: Buffer,
): Buffer | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(tailContext(assetId, offset))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

function tailContext(assetId: string, offset: number): Buffer {
  return Buffer.from(`tidewaiter draft 1 ${assetId} ${offset}`);
}
