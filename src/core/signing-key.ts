import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { sha256 } from './digest.ts';
import { TidewaiterError } from './errors.ts';

/** Ed25519 (RFC 8032), or ECDSA over P-256 with SHA-256 (FIPS 186-5), which is what the FIPS profile signs with. */
export type KeyKind = 'ed25519' | 'p256';

/** A key that signs, of either kind. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A new key as PEM (PKCS#8), the form in which it is kept. */
export function generateSigningKeyPem(kind: KeyKind = 'ed25519'): string {
  const { privateKey } =
    kind === 'p256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Of which kind a key is; undefined for one that nothing is signed with here. */
export function keyKind({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): KeyKind | undefined {
  if (asymmetricKeyType === 'ed25519') return 'ed25519';
  // The name that OpenSSL has for P-256.
  return asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'p256' : undefined;
}

/**
 * Signs as the kind of the key asks: 64 bytes of Ed25519, or 70 to 72 of ECDSA, in DER as OpenSSL, sigstore and signed
 * notes write it.
 */
export function signBytes(bytes: Uint8Array, privateKey: KeyObject): Buffer {
  return sign(digestOf(privateKey), bytes, privateKey);
}

/** Whether a key made a signature, by the kind of the key: what is signed cannot choose the algorithm. */
export function verifyBytes(bytes: Uint8Array, publicKey: KeyObject, signature: Uint8Array): boolean {
  return verify(digestOf(publicKey), bytes, publicKey, signature);
}

/**
 * Whether a key made a signature that is written as text. Base64 has letters that decode to the same bytes: a signature has
 * one form only, or a change of it would be one that nobody sees.
 */
export function verifyText(
  bytes: Uint8Array,
  publicKey: KeyObject,
  text: string,
  encoding: 'base64' | 'base64url' = 'base64',
): boolean {
  const signature = Buffer.from(text, encoding);
  return signature.toString(encoding) === text && verifyBytes(bytes, publicKey, signature);
}

/** Ed25519 has a digest of its own. */
function digestOf(key: KeyObject): 'sha256' | null {
  return keyKind(key) === 'p256' ? 'sha256' : null;
}

/**
 * The key in a PEM file (PKCS#8, not encrypted), as `openssl genpkey` writes it for `-algorithm ed25519` or
 * `-algorithm EC -pkeyopt ec_paramgen_curve:P-256`.
 * @param name of the file, for the message.
 * @throws TidewaiterError `E_SIGN_KEY`.
 */
export function parseSigningKey(pem: string, name: string): SigningKey {
  const privateKey = usable(() => createPrivateKey(pem));
  if (privateKey === undefined) {
    throw new TidewaiterError(
      'E_SIGN_KEY',
      `${name} does not hold an Ed25519 or P-256 private key that can be used without a passphrase`,
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
  const key = pem.includes('PRIVATE KEY') ? undefined : usable(() => createPublicKey(pem));
  if (key !== undefined) return key;
  throw new TidewaiterError(
    'E_VERIFY_KEY',
    `${name} does not hold an Ed25519 or P-256 public key`,
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

/** What {@link encodePublicKey} wrote, or undefined when it is no key of a kind that signs here. */
export function decodePublicKey(base64: string): KeyObject | undefined {
  return usable(() => createPublicKey({ key: Buffer.from(base64, 'base64'), type: 'spki', format: 'der' }));
}

function usable(read: () => KeyObject): KeyObject | undefined {
  try {
    const key = read();
    return keyKind(key) === undefined ? undefined : key;
  } catch {
    return undefined;
  }
}
