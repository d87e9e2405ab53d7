import type { PlatformKeys } from '../../platform/platform.ts';

/** The name of this installation's log: made of the first key that signed it, so that it stays when keys change. */
export async function logOrigin(keys: PlatformKeys): Promise<string> {
  const oldest = (await keys.verifying('ledger')).at(-1) ?? (await keys.signing('ledger'));
  return `tidewaiter/${oldest.fingerprint.slice(0, 16)}`;
}
