import { randomBytes } from 'node:crypto';
import type { Database } from '../store/database.ts';
import type { MasterKey } from './master-key.ts';
import { keepFirst, readSecret } from './secrets.ts';
import { KEY_BYTES, unwrapWith, wrappingKey, wrapWith } from './wrap.ts';

/**
 * Wraps and unwraps small secrets without asking the keeper of the master key each time. The context is authenticated with
 * them: what was wrapped for one purpose and person does not unwrap for another.
 */
export interface SecretBox {
  readonly wrap: (bytes: Buffer, context: string) => Buffer;
  readonly unwrap: (bytes: Buffer, context: string) => Buffer;
}

/**
 * A box with a key of its own, which is kept as a secret: when the master key is rotated, only that key is wrapped anew.
 * @param name of the secret.
 * @throws TidewaiterError `E_SECRET_DAMAGED`, `E_MASTER_KEY`.
 */
export async function openSecretBox(db: Database, masterKey: MasterKey, name: string): Promise<SecretBox> {
  await keepFirst(db, masterKey, name, randomBytes(KEY_BYTES));
  const secret = await readSecret(db, masterKey, name);
  if (secret === undefined) throw new TypeError(`the secret ${name} was kept and is not there`);
  const key = wrappingKey(secret.value);
  return {
    wrap: (bytes, context) => wrapWith(key, bytes, context),
    unwrap: (bytes, context) => unwrapWith(key, bytes, context),
  };
}
