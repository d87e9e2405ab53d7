import { createHash, type KeyObject } from 'node:crypto';
import { keyKind, signBytes, verifyBytes, type SigningKey } from '../../core/signing-key.ts';

/** What is signed of the log: that it had so many entries with this root at this time. */
export interface Checkpoint {
  /** Name of the log, without spaces: which installation it is of. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly at: Date;
}

/**
 * A checkpoint as a signed note (C2SP tlog-checkpoint and signed-note), so that witnesses of others can read it too: origin,
 * size, root and time on lines of their own, an empty line, and the signature.
 */
export function signCheckpoint({ origin, size, root, at }: Checkpoint, key: SigningKey): string {
  const text = `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\ntime ${at.toISOString()}\n`;
  const signature = signBytes(Buffer.from(text), key.privateKey);
  const line = Buffer.concat([keyHash(origin, key.publicKey), signature]).toString('base64');
  return `${text}\n— ${origin} ${line}\n`;
}

/**
 * What a signed note says, if the key signed it.
 * @returns undefined for a note that is none, or that this key did not sign.
 */
export function openCheckpoint(note: string, publicKey: KeyObject): Checkpoint | undefined {
  const match =
    /^((?<origin>\S+)\n(?<size>0|[1-9]\d{0,15})\n(?<root>[A-Za-z0-9+/]{43}=)\ntime (?<at>\S+)\n)\n— (?<name>\S+) (?<line>[A-Za-z0-9+/=]+)\n$/u.exec(
      note,
    );
  const { origin = '', size = '', root = '', at = '', name, line = '' } = match?.groups ?? {};
  if (match === null || name !== origin) return undefined;
  const signed = Buffer.from(line, 'base64');
  // Base64 has letters that decode to the same bytes: a note has one form only.
  if (signed.toString('base64') !== line) return undefined;
  const hash = keyHash(origin, publicKey);
  if (!signed.subarray(0, hash.length).equals(hash)) return undefined;
  if (!verifyBytes(Buffer.from(match[1] ?? ''), publicKey, signed.subarray(hash.length))) return undefined;
  return { origin, size: Number(size), root: Buffer.from(root, 'base64'), at: new Date(at) };
}

/**
 * Four bytes that say which key signed (C2SP signed-note): for Ed25519 of its name, the algorithm's number and the raw key;
 * for ECDSA of the SubjectPublicKeyInfo alone.
 */
function keyHash(name: string, publicKey: KeyObject): Buffer {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const hash = createHash('sha256');
  if (keyKind(publicKey) === 'p256') hash.update(der);
  else hash.update(`${name}\n`).update(Buffer.of(1)).update(der.subarray(-32));
  return hash.digest().subarray(0, 4);
}
