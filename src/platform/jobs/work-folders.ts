import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCode } from '../../core/errors.ts';
import type { Database } from '../store/database.ts';

const LOOK_MS = 2_000;

/**
 * Removes what processes that died left in the folder where jobs work: plain copies of what the vault holds sealed. What is
 * there when this is called belongs to tries of jobs that run at that moment, maybe elsewhere, or to nobody. A try that is
 * alive removes its own; so once each of those tries has ended or was taken over, the rest is nobody's.
 * @returns how many entries were removed.
 */
export async function sweepWorkFolders(db: Database, folder: string, signal: AbortSignal): Promise<number> {
  const left = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  if (left.length === 0) return 0;
  const before = await runningTries(db);
  for (let now = before; now.some((one) => before.includes(one)); now = await runningTries(db)) {
    await sleep(LOOK_MS, undefined, { signal });
  }
  for (const name of left) await rm(join(folder, name), { recursive: true, force: true });
  return left.length;
}

/** A name for each try of a job that runs. */
async function runningTries(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('jobs')
    .select(['id', 'started_at'])
    .where('state', '=', 'running')
    .execute();
  return rows.map(({ id, started_at: at }) => `${id} ${at?.getTime()}`);
}
