import { createHmac, createSecretKey, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import type { MasterKey } from './master-key.ts';
import { keepFirst, readSecret } from './secrets.ts';
import { KEY_BYTES } from './wrap.ts';

/** So many seals that held are remembered; then all are forgotten at once. */
const MOST_REMEMBERED = 10_000;

/** Seals what rows say with a key that is in no row, so that rows which others wrote are told apart. */
export class Seals {
  readonly #key: KeyObject;
  readonly #held = new Set<string>();

  /** @param key {@link KEY_BYTES} bytes. */
  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
  }

  /**
   * HMAC-SHA-256, hexadecimal.
   * @param kind what it is a fact of, without line breaks: the same facts of another kind have another seal.
   */
  make(kind: string, facts: string): string {
    return createHmac('sha256', this.#key).update(`${kind}\n${facts}`, 'utf8').digest('hex');
  }

  /** Whether we made a seal over just these facts. */
  holds(kind: string, facts: string, seal: string | null): boolean {
    if (seal === null) return false;
    const known = `${seal}${kind}\n${facts}`;
    if (this.#held.has(known)) return true;
    const [right, given] = [Buffer.from(this.make(kind, facts)), Buffer.from(seal)];
    if (given.byteLength !== right.byteLength || !timingSafeEqual(given, right)) return false;
    if (this.#held.size >= MOST_REMEMBERED) this.#held.clear();
    this.#held.add(known);
    return true;
  }
}

/**
 * The seals of a purpose, with a key of its own. It is made once, and never again.
 * @param onMade told in the transaction that makes it: what is there before may be sealed now.
 * @throws TidewaiterError `E_SECRET_DAMAGED`, `E_MASTER_KEY`.
 */
export async function openSeals(
  db: Database,
  masterKey: MasterKey,
  purpose: string,
  onMade: (tx: DatabaseTransaction, seals: Seals) => Promise<void>,
): Promise<Seals> {
  return db.transaction().execute(async (tx) => {
    const made = await keepFirst(tx, masterKey, secretName(purpose), randomBytes(KEY_BYTES));
    const seals = await readSeals(tx, masterKey, purpose);
    if (made) await onMade(tx, seals);
    return seals;
  });
}

/** As {@link openSeals}, where there is a key. */
export async function readSeals(
  db: Database | DatabaseTransaction,
  masterKey: MasterKey,
  purpose: string,
): Promise<Seals> {
  const secret = await readSecret(db, masterKey, secretName(purpose));
  if (secret === undefined) throw new TypeError(`there is no key of seals for ${purpose}`);
  return new Seals(secret.value);
}

/** Whether there is a key of seals for a purpose. */
export async function hasSeals(db: Database, purpose: string): Promise<boolean> {
  const name = secretName(purpose);
  return (
    (await db.selectFrom('secrets').select('name').where('name', '=', name).executeTakeFirst()) !== undefined
  );
}

function secretName(purpose: string): string {
  return `seal-key/${purpose}`;
}
