import { homedir } from 'node:os';
import type { KeyKind, SigningKey } from '../../../core/signing-key.ts';
import { defaultDataDir, openSigningKey } from './key-store.ts';

/**
 * The key that whoever gives a command signs with: that of a file, or their own.
 * @throws TidewaiterError `E_SIGN_KEY`, `E_SETTINGS`.
 */
export async function signerOf(file: string | undefined): Promise<SigningKey> {
  return openSigningKey(defaultDataDir(process.env, homedir()), kindHere, file);
}

/** What the settings of this folder and environment ask for. They are read once, when a key is made: work alone needs none. */
async function kindHere(): Promise<KeyKind> {
  const { kindUnder } = await import('../../../platform/secrets/signing-keys.ts');
  const { readSettings } = await import('../../../platform/settings/settings.ts');
  return kindUnder((await readSettings(process.env, process.cwd())).cryptography);
}
