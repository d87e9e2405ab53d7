import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { systemCode, TidewaiterError } from '../core/errors.ts';
import type { Settings } from '../platform/settings/settings.ts';

/** Certificate and key to answer over TLS with. */
export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** @throws TidewaiterError `E_SETTINGS` when a file cannot be read, is not what it should be, or they do not fit together. */
export async function readTls({ certificate, key }: NonNullable<Settings['tls']>): Promise<TlsFiles> {
  const files = { cert: await read('certificate', certificate), key: await read('key', key) };
  try {
    // An empty file passes for none at all below, and every connection would fail.
    new X509Certificate(files.cert);
    createPrivateKey(files.key);
    createSecureContext(files);
  } catch (error) {
    throw new TidewaiterError(
      'E_SETTINGS',
      `TLS cannot be spoken with ${certificate} and ${key} (${systemCode(error) ?? 'unknown reason'})`,
      'Give a certificate and its own private key, without a passphrase, as PEM files.',
    );
  }
  return files;
}

async function read(what: string, path: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    throw new TidewaiterError(
      'E_SETTINGS',
      `The file ${path} of tls.${what} cannot be read (${systemCode(error) ?? 'unknown reason'})`,
      'Check its name and permissions.',
    );
  });
}
