/**
 * Checks of the ledger as anybody can do them: the signed note (C2SP signed-note, Ed25519) and the proof that an entry is in the
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
 * @returns undefined where the browser has no Ed25519.
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
      const key = await crypto.subtle.importKey('spki', der, 'Ed25519', false, ['verify']);
      if (await crypto.subtle.verify('Ed25519', key, signature, signed)) return true;
    }
    return false;
  } catch {
    return undefined;
  }
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
