/**
 * Checks of the ledger as anybody can do them: the signed note (C2SP signed-note, Ed25519 or ECDSA) and the proof that an entry is in the
 * tree (RFC 6962 section 2.1.1, over SHA-256), by the browser's own cryptography and nothing of the server's.
 */

/** What a signed head says. */
export interface Head {
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  readonly at: string;
}

/** Reads a signed note; undefined for a text that is none. It is not checked by that. */
export function readHead(note: string): Head | undefined {
  const [, origin, size, root, at] = /^(\S+)\n(\d+)\n(\S+)\ntime (\S+)\n\n— /u.exec(note) ?? [];
  if (origin === undefined || size === undefined || root === undefined || at === undefined) return undefined;
  return { origin, size: Number(size), root, at };
}

/**
 * Whether one of the keys signed a note.
 * @param keys SubjectPublicKeyInfo as PEM.
 * @returns undefined where the browser cannot check them: Ed25519 is not in all, and nothing is outside HTTPS and localhost.
 */
export async function isSigned(note: string, keys: readonly string[]): Promise<boolean | undefined> {
  const end = note.lastIndexOf('\n\n') + 1;
  const [, line = ''] = /— \S+ (\S+)\n$/u.exec(note.slice(end)) ?? [];
  // Four bytes say which key it was.
  const signature = bytesOf(line).slice(4);
  const signed = new TextEncoder().encode(note.slice(0, end));
  try {
    for (const pem of keys) {
      const der = bytesOf(pem.replaceAll(/-----[^-]+-----|\s/g, ''));
      if (await isSignedWith(der, signature, signed)) return true;
    }
    return false;
  } catch {
    return undefined;
  }
}

/** Bytes of a SubjectPublicKeyInfo of Ed25519 (RFC 8410); one of P-256 is longer. */
const ED25519_BYTES = 44;

async function isSignedWith(
  der: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const ecdsa = der.length > ED25519_BYTES;
  const kind = ecdsa ? { name: 'ECDSA', namedCurve: 'P-256' } : 'Ed25519';
  const key = await crypto.subtle.importKey('spki', der, kind, false, ['verify']);
  return ecdsa
    ? crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, plainSignature(signature), signed)
    : crypto.subtle.verify('Ed25519', key, signature, signed);
}

/** The two numbers of an ECDSA signature, 32 bytes each, as the browser takes them, out of DER: 30 n, 02 n r, 02 n s. */
function plainSignature(der: Uint8Array): Uint8Array<ArrayBuffer> {
  const plain = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    // Without the zero in front that keeps a number from being a negative one.
    const number = der.subarray(at + 2, at + 2 + length).slice(-32);
    plain.set(number, end - number.length);
    at += 2 + length;
  }
  return plain;
}

/**
 * Whether an event is the entry at a place of the tree with a root.
 * @param proof hashes, base64, in the order of RFC 6962.
 */
export async function isIncluded(
  event: unknown,
  index: number,
  { size, root }: Pick<Head, 'size' | 'root'>,
  proof: readonly string[],
): Promise<boolean> {
  if (index >= size) return false;
  let hash = await sha256(Uint8Array.of(0), new TextEncoder().encode(canonical(event)));
  // RFC 9162 section 2.1.3.2.
  let [at, last] = [index, size - 1];
  for (const text of proof) {
    if (last === 0) return false;
    const other = bytesOf(text);
    if (at % 2 === 1 || at === last) {
      hash = await nodeHash(other, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      hash = await nodeHash(hash, other);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && btoa(String.fromCharCode(...hash)) === root;
}

/** The hash of a node over two others (RFC 6962 section 2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return sha256(Uint8Array.of(1), left, right);
}

async function sha256(...parts: readonly Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** JSON with sorted keys and no spaces (RFC 8785), as the ledger hashes it. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}
