import type { KeyObject } from 'node:crypto';
import {
  generateSigningKeyPem,
  keyFingerprint,
  keyKind,
  parseSigningKey,
  type KeyKind,
  type SigningKey,
} from '../../core/signing-key.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import type { MasterKey } from './master-key.ts';
import { keepFirst, keepSecret, readSecret, readVersions, type Secret } from './secrets.ts';

/** A signing key of ours. */
export interface KeptSigningKey extends SigningKey {
  readonly version: number;
  readonly fingerprint: string;
}

/** A key that what we signed verifies with. */
export interface VerifyKey {
  readonly version: number;
  readonly fingerprint: string;
  readonly publicKey: KeyObject;
  readonly createdAt: Date;
}

/**
 * The key that signs for a purpose now; made when it is needed first, once however many processes ask.
 * @param purpose such as `ledger` or `permits`.
 * @param kind of a key that is made now; one that is there stays whatever it is.
 * @throws TidewaiterError `E_SECRET_DAMAGED`, `E_MASTER_KEY`.
 */
export async function signingKey(
  db: Database | DatabaseTransaction,
  masterKey: MasterKey,
  purpose: string,
  kind: KeyKind = 'ed25519',
): Promise<KeptSigningKey> {
  const name = secretName(purpose);
  let newest = await readSecret(db, masterKey, name);
  if (newest === undefined) {
    await keepFirst(db, masterKey, name, Buffer.from(generateSigningKeyPem(kind)));
    newest = await readSecret(db, masterKey, name);
  }
  if (newest === undefined) throw new TypeError(`the signing key for ${purpose} was kept but is not there`);
  return parse(newest, purpose);
}

/** Makes a new key for a purpose. Older ones sign no more, but stay to verify what they signed. */
export async function rotateSigningKey(
  db: Database | DatabaseTransaction,
  masterKey: MasterKey,
  purpose: string,
  kind: KeyKind = 'ed25519',
): Promise<KeptSigningKey> {
  await keepSecret(db, masterKey, secretName(purpose), Buffer.from(generateSigningKeyPem(kind)));
  return signingKey(db, masterKey, purpose);
}

/** All keys that ever signed for a purpose, newest first. */
export async function verifyKeys(
  db: Database | DatabaseTransaction,
  masterKey: MasterKey,
  purpose: string,
): Promise<VerifyKey[]> {
  const versions = await readVersions(db, masterKey, secretName(purpose));
  return versions.map((secret) => {
    const { version, fingerprint, publicKey } = parse(secret, purpose);
    return { version, fingerprint, publicKey, createdAt: secret.createdAt };
  });
}

/** What this installation has keys for, by name. */
export async function signingPurposes(db: Database | DatabaseTransaction): Promise<string[]> {
  const rows = await db
    .selectFrom('secrets')
    .select('name')
    .distinct()
    .where('name', 'like', secretName('%'))
    .orderBy('name')
    .execute();
  return rows.map(({ name }) => name.slice(secretName('').length));
}

/** The purposes that a key signs for which the FIPS profile would not make. */
export async function outsideFips(db: Database, masterKey: MasterKey): Promise<string[]> {
  const found: string[] = [];
  for (const purpose of await signingPurposes(db)) {
    const { publicKey } = await signingKey(db, masterKey, purpose);
    if (keyKind(publicKey) !== 'p256') found.push(purpose);
  }
  return found;
}

/** The kind of key that is made under a profile. */
export function kindUnder(cryptography: 'default' | 'fips'): KeyKind {
  return cryptography === 'fips' ? 'p256' : 'ed25519';
}

function secretName(purpose: string): string {
  return `signing-key/${purpose}`;
}

function parse({ version, value }: Secret, purpose: string): KeptSigningKey {
  const key = parseSigningKey(value.toString('utf8'), `The signing key for ${purpose}`);
  return { ...key, version, fingerprint: keyFingerprint(key.publicKey) };
}
