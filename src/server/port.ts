import { once } from 'node:events';
import { createServer } from 'node:net';
import { systemCode, TidewaiterError } from '../core/errors.ts';
import type { Settings } from '../platform/settings/settings.ts';
import { findDatabase } from './find-database.ts';

const inSettings = ': TIDEWAITER_PORT, or listen.port in the settings.';
const faults: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  EADDRINUSE: ['something else listens there', `Stop that, or choose another port${inSettings}`],
  EACCES: [
    'this account may not listen there',
    `Choose a port from 1024 on, and let a proxy serve the other${inSettings}`,
  ],
};
const noAddress: readonly [what: string, remedy: string] = [
  'this machine has no such address',
  'Choose one that it has: TIDEWAITER_HOST, or listen.host in the settings.',
];
/** Of an address: it is of another machine, unknown, or of a kind that this machine does not speak. */
const addressFaults: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAFNOSUPPORT',
  'EINVAL',
]);

/**
 * Finds out whether the server will be able to listen, before a database is made or started for it. Where another server runs on
 * the data folder, that is what there is to say, and whoever starts the database says it.
 * @throws TidewaiterError `E_LISTEN`.
 */
export async function canListen(
  settings: Pick<Settings, 'listen' | 'data' | 'database'>,
  abort?: AbortSignal,
): Promise<void> {
  const { host, port } = settings.listen;
  if (port === 0) return;
  if (settings.database.url === undefined && (await findDatabase(settings, abort)) !== undefined) return;
  const trial = createServer();
  try {
    trial.listen({ host, port });
    await once(trial, 'listening');
  } catch (error) {
    throw cannotListen(settings, error);
  } finally {
    if (trial.listening) await new Promise((resolve) => trial.close(resolve));
  }
}

/** What to say when listening failed. */
export function cannotListen(
  { listen: { host, port } }: Pick<Settings, 'listen'>,
  error: unknown,
): TidewaiterError {
  const code = systemCode(error) ?? '';
  const [what, remedy] = addressFaults.has(code)
    ? noAddress
    : (faults[code] ?? [
        `the system refuses it (${code || 'unknown reason'})`,
        `Choose another port${inSettings}`,
      ]);
  return new TidewaiterError(
    'E_LISTEN',
    `The server cannot listen on ${host}, port ${port}: ${what}`,
    remedy,
    {
      cause: error,
    },
  );
}
