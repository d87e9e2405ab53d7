import { createPublicKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../core/canonical-json.ts';
import {
  decodePublicKey,
  encodePublicKey,
  signBytes,
  verifyText,
  type SigningKey,
} from '../core/signing-key.ts';

/** What stands beside signed claims: the signature over their canonical JSON (base64) and the key for it (DER, base64). */
export const signatureFields = { signature: z.string().min(1), publicKey: z.string().min(1) };

export interface Signed<T extends object> {
  readonly claims: T;
  readonly signature: string;
  readonly publicKey: string;
}

export function signClaims<T extends object>(claims: T, { privateKey, publicKey }: SigningKey): Signed<T> {
  const signature = signBytes(Buffer.from(canonicalJson(claims)), privateKey).toString('base64');
  return { claims, signature, publicKey: encodePublicKey(publicKey) };
}

/** Whether the claims are signed by the key that they name, and by `key` if that is asked. Signature and key have one form only. */
export function holds({ claims, signature, publicKey }: Signed<object>, key?: KeyObject): boolean {
  const named = decodePublicKey(publicKey);
  // A point of P-256 can be written in several ways, which all are the same key.
  if (named === undefined || encodePublicKey(createPublicKey(jwkOf(named))) !== publicKey) return false;
  if (key !== undefined && encodePublicKey(key) !== publicKey) return false;
  return verifyText(Buffer.from(canonicalJson(claims)), named, signature);
}

function jwkOf(key: KeyObject): JsonWebKeyInput {
  return { key: key.export({ format: 'jwk' }), format: 'jwk' };
}
