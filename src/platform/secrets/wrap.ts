import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { TidewaiterError } from '../../core/errors.ts';

/** One master key. */
export interface WrappingKey {
  /** 16 hexadecimal digits, made from the key, so that a key that was changed is not taken for what it was. */
  readonly id: string;
  readonly key: KeyObject;
}

/** Bytes of a master key. */
export const KEY_BYTES = 32;
const VERSION = 1;
const ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + ID_BYTES;

/** @param bytes {@link KEY_BYTES} of them, kept nowhere else. */
export function wrappingKey(bytes: Uint8Array): WrappingKey {
  if (bytes.byteLength !== KEY_BYTES) throw new RangeError(`a master key has ${KEY_BYTES} bytes`);
  const key = createSecretKey(bytes);
  return { id: Buffer.from(derive(key, 'tidewaiter master key id', ID_BYTES)).toString('hex'), key };
}

/**
 * AES-256-GCM (NIST SP 800-38D) with a random nonce, under a key that HKDF-SHA-256 (RFC 5869, no salt) derives from the
 * master key for the context. Layout: version (1), key id (8), nonce (12), sealed bytes, tag (16); version and key id
 * are authenticated.
 */
export function wrapWith({ id, key }: WrappingKey, plain: Uint8Array, context: string): Buffer {
  const header = Buffer.concat([Buffer.of(VERSION), Buffer.from(id, 'hex')]);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', contextKey(key, context), nonce).setAAD(header);
  return Buffer.concat([header, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Id of the key that something was wrapped with; undefined when it is nothing that was wrapped here. */
export function keyIdOf(wrapped: Uint8Array): string | undefined {
  if (wrapped.byteLength < HEADER_BYTES + NONCE_BYTES + TAG_BYTES || wrapped[0] !== VERSION) return undefined;
  return Buffer.from(wrapped.subarray(1, HEADER_BYTES)).toString('hex');
}

/** @throws TidewaiterError `E_SECRET_DAMAGED`. */
export function unwrapWith({ key }: WrappingKey, wrapped: Uint8Array, context: string): Buffer {
  const nonceEnd = HEADER_BYTES + NONCE_BYTES;
  const decipher = createDecipheriv(
    'aes-256-gcm',
    contextKey(key, context),
    wrapped.subarray(HEADER_BYTES, nonceEnd),
    { authTagLength: TAG_BYTES },
  )
    .setAAD(wrapped.subarray(0, HEADER_BYTES))
    .setAuthTag(wrapped.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(wrapped.subarray(nonceEnd, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw damaged(context);
  }
}

export function damaged(context: string): TidewaiterError {
  return new TidewaiterError(
    'E_SECRET_DAMAGED',
    `What is kept wrapped as ${context} was changed, or belongs to something else`,
    'Restore the database from a backup, and find out who changed it.',
  );
}

function contextKey(key: KeyObject, context: string): KeyObject {
  if (context === '') throw new RangeError('a context is needed');
  return createSecretKey(derive(key, `tidewaiter wrap ${VERSION} ${context}`, KEY_BYTES));
}

function derive(key: KeyObject, info: string, bytes: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, Buffer.alloc(0), info, bytes));
}
