import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode, TidewaiterError } from '../../../core/errors.ts';
import {
  generateSigningKeyPem,
  parseSigningKey,
  type KeyKind,
  type SigningKey,
} from '../../../core/signing-key.ts';

/**
 * Where this user's own things are kept: `$TIDEWAITER_DATA`, `$XDG_DATA_HOME/tidewaiter` or
 * `~/.local/share/tidewaiter`.
 */
export function defaultDataDir(
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  const { TIDEWAITER_DATA: own, XDG_DATA_HOME: shared } = environment;
  if (own !== undefined && own !== '') return own;
  return shared !== undefined && shared !== ''
    ? join(shared, 'tidewaiter')
    : join(home, '.local', 'share', 'tidewaiter');
}

/** The file of the key that is used when no other is named. */
export function defaultKeyFile(dataDir: string): string {
  return join(dataDir, 'signing-key.pem');
}

/**
 * The key that signs records: that of `file`, or this user's own, which is made when it is needed first.
 * @param kind of a key that is made; one that is there stays whatever it is.
 * @throws TidewaiterError `E_SIGN_KEY`, and what `kind` throws.
 */
export async function openSigningKey(
  dataDir: string,
  kind: () => Promise<KeyKind>,
  file?: string,
): Promise<SigningKey> {
  const path = file ?? defaultKeyFile(dataDir);
  const pem =
    (await readIfThere(path)) ?? (file === undefined ? await makeKey(path, await kind()) : undefined);
  if (pem !== undefined) return parseSigningKey(pem, path);
  throw new TidewaiterError(
    'E_SIGN_KEY',
    `The key ${path} does not exist`,
    'Give the path of a PEM file, or leave --sign-key away.',
  );
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw keyError(path, 'read', error);
  }
}

/** Only its owner may read it, and it has its name only when it is whole; of two that are made at once one stays. */
async function makeKey(path: string, kind: KeyKind): Promise<string> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(generateSigningKeyPem(kind));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(draft, path).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
    return await readFile(path, 'utf8');
  } catch (error) {
    throw keyError(path, 'made', error);
  } finally {
    await rm(draft, { force: true });
  }
}

function keyError(path: string, what: string, cause: unknown): TidewaiterError {
  return new TidewaiterError(
    'E_SIGN_KEY',
    `The key ${path} cannot be ${what} (${systemCode(cause) ?? 'unknown reason'})`,
    'Give a key with --sign-key, or a folder for keys in TIDEWAITER_DATA.',
    { cause },
  );
}
