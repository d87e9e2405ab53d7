import { once } from 'node:events';
import { createServer } from 'node:net';
import { systemCode, TidewaiterError } from '../core/errors.ts';
import type { Settings } from '../platform/settings/settings.ts';
import { findDatabase } from './find-database.ts';

const faults: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  EADDRINUSE: ['something else listens there', 'Stop that, or choose another port'],
  EACCES: [
    'this account may not listen there',
    'Choose a port from 1024 on, and let a proxy serve the other',
  ],
  EADDRNOTAVAIL: ['this machine has no such address', 'Set listen.host to one that it has'],
};

/**
 * Finds out whether the server will be able to listen, before a database is made or started for it. Where another server runs on
 * the data folder, that is what there is to say, and whoever starts the database says it.
 * @throws TidewaiterError `E_LISTEN`.
 */
export async function canListen(settings: Pick<Settings, 'listen' | 'data' | 'database'>): Promise<void> {
  const { host, port } = settings.listen;
  if (port === 0) return;
  if (settings.database.url === undefined && (await findDatabase(settings)) !== undefined) return;
  const trial = createServer();
  try {
    trial.listen({ host, port });
    await once(trial, 'listening');
  } catch (error) {
    const [what, remedy] = faults[systemCode(error) ?? ''] ?? [
      'the system refuses it',
      'Choose another port',
    ];
    throw new TidewaiterError(
      'E_LISTEN',
      `The server cannot listen on ${host}, port ${port}: ${what}`,
      `${remedy}: TIDEWAITER_PORT, or listen.port in the settings.`,
      { cause: error },
    );
  } finally {
    if (trial.listening) await new Promise((resolve) => trial.close(resolve));
  }
}
