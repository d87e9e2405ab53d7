import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { sha256 } from './digest.ts';
import { TidewaiterError } from './errors.ts';

/** An Ed25519 key that signs. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A new key as PEM (PKCS#8), the form in which it is kept. */
export function generateSigningKeyPem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/**
 * The key in a PEM file (PKCS#8, not encrypted), as `openssl genpkey -algorithm ed25519` writes it.
 * @param name of the file, for the message.
 * @throws TidewaiterError `E_SIGN_KEY`.
 */
export function parseSigningKey(pem: string, name: string): SigningKey {
  const privateKey = ed25519(() => createPrivateKey(pem));
  if (privateKey === undefined) {
    throw new TidewaiterError(
      'E_SIGN_KEY',
      `${name} does not hold an Ed25519 private key that can be used without a passphrase`,
      'Make one with openssl genpkey -algorithm ed25519, and give its file.',
    );
  }
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/**
 * The public key in a PEM file, as `tidewaiter keys --public` prints it.
 * @throws TidewaiterError `E_VERIFY_KEY`. A private key is refused: it has no place where verification is done.
 */
export function parseVerifyKey(pem: string, name: string): KeyObject {
  const key = pem.includes('PRIVATE KEY') ? undefined : ed25519(() => createPublicKey(pem));
  if (key !== undefined) return key;
  throw new TidewaiterError(
    'E_VERIFY_KEY',
    `${name} does not hold an Ed25519 public key`,
    'Ask who signed for what tidewaiter keys --public prints.',
  );
}

/** SHA-256 of the key's SubjectPublicKeyInfo (DER), hex: what people compare to know whose key it is. */
export function keyFingerprint(publicKey: KeyObject): string {
  return sha256(publicKey.export({ type: 'spki', format: 'der' }));
}

/** PEM (SubjectPublicKeyInfo) of a public key. */
export function publicKeyPem(publicKey: KeyObject): string {
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

/** SubjectPublicKeyInfo (DER) as base64, the form in which a chain names its keys. */
export function encodePublicKey(publicKey: KeyObject): string {
  return publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
}

/** What {@link encodePublicKey} wrote, or undefined when it is no Ed25519 key. */
export function decodePublicKey(base64: string): KeyObject | undefined {
  return ed25519(() => createPublicKey({ key: Buffer.from(base64, 'base64'), type: 'spki', format: 'der' }));
}

function ed25519(read: () => KeyObject): KeyObject | undefined {
  try {
    const key = read();
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}
