import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import { canonicalJson } from '../../core/canonical-json.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { masterKeyFile } from './file-master-key.ts';
import { changeKeyFile, formatKeys, makeKeyFile, parseKeys, readKeyFile, type KeptKey } from './key-file.ts';

const derive = promisify(pbkdf2);
/** Above OWASP's 210,000 for PBKDF2-HMAC-SHA-512: a backup is opened rarely and attacked at leisure. */
const ITERATIONS = 600_000;
/** NIST SP 800-63B-4 for a secret that stands alone. */
const SHORTEST_PASSPHRASE = 15;
const FORMAT = 'tidewaiter-master-key-backup-1';

const backup = z.object({
  format: z.literal(FORMAT),
  kdf: z.literal('pbkdf2-hmac-sha512'),
  // The bound keeps a made-up file from costing minutes.
  iterations: z.int().min(100_000).max(10_000_000),
  salt: z.base64(),
  nonce: z.base64(),
  sealed: z.base64(),
});
type Header = Pick<z.infer<typeof backup>, 'format' | 'kdf' | 'iterations' | 'salt' | 'nonce'>;

/**
 * All master keys of a data folder as text, sealed with AES-256-GCM under a key that PBKDF2-HMAC-SHA-512 makes from the
 * passphrase. Together with a backup of database and objects it restores the vault; without it nothing does.
 * @throws TidewaiterError `E_MASTER_KEY`; `E_MASTER_KEY_BACKUP` for a passphrase below 15 characters.
 */
export async function exportMasterKeys(dataFolder: string, passphrase: string): Promise<string> {
  if ([...passphrase].length < SHORTEST_PASSPHRASE) {
    throw new TidewaiterError(
      'E_MASTER_KEY_BACKUP',
      `The passphrase has fewer than ${SHORTEST_PASSPHRASE} characters`,
      'Use a longer one, such as five random words.',
    );
  }
  const keys = await readKeyFile(masterKeyFile(dataFolder));
  if (keys === undefined) {
    throw new TidewaiterError(
      'E_MASTER_KEY',
      `There is no master key in ${dataFolder}`,
      'Check the data folder.',
    );
  }
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const header: Header = {
    format: FORMAT,
    kdf: 'pbkdf2-hmac-sha512',
    iterations: ITERATIONS,
    salt: salt.toString('base64'),
    nonce: nonce.toString('base64'),
  };
  const key = await passphraseKey(passphrase, salt, ITERATIONS);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(authenticated(header));
  const sealed = Buffer.concat([cipher.update(formatKeys(keys)), cipher.final(), cipher.getAuthTag()]);
  return `${JSON.stringify({ ...header, sealed: sealed.toString('base64') }, undefined, 2)}\n`;
}

/**
 * Puts the keys of a backup into a data folder. Keys that are there already stay, and the newest of them goes on wrapping.
 * @returns number of keys that were added.
 * @throws TidewaiterError `E_MASTER_KEY`; `E_MASTER_KEY_BACKUP` when the passphrase is wrong or the backup was changed.
 */
export async function importMasterKeys(
  dataFolder: string,
  text: string,
  passphrase: string,
): Promise<number> {
  const saved = await openBackup(text, passphrase);
  const path = masterKeyFile(dataFolder);
  const before = (await readKeyFile(path)) ?? [];
  if (before.length === 0) await makeKeyFile(path, saved);
  const missingIn = (kept: readonly KeptKey[]): KeptKey[] =>
    saved.filter(({ key }) => !kept.some((other) => other.key === key));
  await changeKeyFile(path, (kept) => [...missingIn(kept), ...kept]);
  return missingIn(before).length;
}

async function openBackup(text: string, passphrase: string): Promise<readonly KeptKey[]> {
  const parsed = backup.safeParse(parseJson(text));
  if (!parsed.success) throw backupError('is not a backup of master keys');
  const { sealed: sealedText, ...header } = parsed.data;
  const sealed = Buffer.from(sealedText, 'base64');
  const key = await passphraseKey(passphrase, Buffer.from(header.salt, 'base64'), header.iterations);
  let keys: readonly KeptKey[] | undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(header.nonce, 'base64'), {
      authTagLength: 16,
    });
    decipher.setAAD(authenticated(header)).setAuthTag(sealed.subarray(-16));
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    keys = parseKeys(plain.toString('utf8'));
  } catch {
    throw backupError('cannot be opened: the passphrase is wrong, or it was changed');
  }
  if (keys === undefined) throw backupError('does not hold master keys');
  return keys;
}

function passphraseKey(passphrase: string, salt: Buffer, iterations: number): Promise<Buffer> {
  // One form of each accented letter: keyboards differ in how they type them.
  return derive(passphrase.normalize('NFC'), salt, iterations, 32, 'sha512');
}

function authenticated(header: Header): Buffer {
  return Buffer.from(canonicalJson(header));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function backupError(what: string): TidewaiterError {
  return new TidewaiterError(
    'E_MASTER_KEY_BACKUP',
    `The backup ${what}`,
    'Give the passphrase it was made with, or another backup.',
  );
}
