import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import type { ConnectionSettings } from '../store/database.ts';
import { connectionTo } from './access.ts';
import { isUnfinished, majorsIn, readSecrets } from './cluster.ts';
import { isLocked } from './lock.ts';
import { readPidFile } from './pid-file.ts';
import { isPostmaster } from './processes.ts';

/** How long a server that is just starting is waited for. */
const PATIENCE_MILLISECONDS = 30_000;

/**
 * How to connect to the server that another process runs on a folder; undefined when none does.
 * @param abort ends the wait for one that is just starting.
 * @throws TidewaiterError `E_DATABASE_FOLDER` when this user may not read it.
 */
export async function joinEmbedded(
  folder: string,
  abort?: AbortSignal,
): Promise<ConnectionSettings | undefined> {
  try {
    const resolved = await realpath(folder);
    const deadline = performance.now() + PATIENCE_MILLISECONDS;
    for (;;) {
      const found = await look(resolved);
      if (found !== 'starting') return found;
      if (performance.now() > deadline) return undefined;
      await wait(50, undefined, { signal: abort });
    }
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    throw new TidewaiterError(
      'E_DATABASE_FOLDER',
      `You may not read the database in ${folder}`,
      'Run the command as the user that runs the server.',
    );
  }
}

async function look(folder: string): Promise<ConnectionSettings | 'starting' | undefined> {
  // While rows move into a new cluster, nobody may write to the old one.
  if (await isUnfinished(folder)) return (await isLocked(folder)) ? 'starting' : undefined;
  for (const major of await majorsIn(folder)) {
    const data = join(folder, `pg${major}`);
    const file = await readPidFile(data);
    if (file === undefined || !isPostmaster(file.pid, data)) continue;
    return file.ready ? connectionTo(file.address, await readSecrets(data)) : 'starting';
  }
  return (await isLocked(folder)) ? 'starting' : undefined;
}
