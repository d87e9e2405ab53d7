import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { syncFolder } from '../../platform/secrets/durable.ts';
import type { Settings } from '../../platform/settings/settings.ts';

/** Below the data folder; a restore makes everything in it first. */
export const UNFINISHED = 'restoring';

/** What a restore moves into the data folder, in this order: our own database comes last, when all is in it. */
const PLACED = ['vault', 'master-keys.json', 'database'];

/**
 * What a restore that was killed has left in a data folder.
 * @returns `litter` when everything had been put in its place and only the empty folder remains. Whether an agency's database
 *   was filled cannot be seen from here, so with one it is always `half`.
 */
export async function leftByRestore({
  data,
  database,
}: Pick<Settings, 'data' | 'database'>): Promise<'nothing' | 'litter' | 'half'> {
  const left = await readdir(join(data, UNFINISHED)).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
    throw error;
  });
  if (left === undefined) return 'nothing';
  if (database.url !== undefined || left.some((name) => PLACED.includes(name))) return 'half';
  for (const name of PLACED) if (!(await exists(join(data, name)))) return 'half';
  return 'litter';
}

/**
 * Lets nobody work on what is half restored, and clears up behind a restore that was killed after its last step.
 * @throws TidewaiterError `E_RESTORE_UNFINISHED`.
 */
export async function settleRestore(settings: Settings, log: (line: string) => void): Promise<void> {
  const left = await leftByRestore(settings);
  if (left === 'half') throw restoreUnfinished(settings);
  if (left === 'nothing') return;
  await rm(join(settings.data, UNFINISHED), { recursive: true, force: true });
  await syncFolder(settings.data);
  log('restore: all was in its place, and what was left over is removed');
}

export function restoreUnfinished({ data, database }: Pick<Settings, 'data' | 'database'>): TidewaiterError {
  const own = database.url === undefined;
  return new TidewaiterError(
    'E_RESTORE_UNFINISHED',
    `A restore is going on in ${data}, or one was broken off: not everything is in its place`,
    `Wait for it; if none is running, empty the folder${own ? '' : ' and the database'}, and restore again. Of a base backup, remove only ${join(data, UNFINISHED)}.`,
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
