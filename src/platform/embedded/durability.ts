import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { TidewaiterError } from '../../core/errors.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';

const run = promisify(execFile);

/** Settings that must not be off. */
export const DURABLE = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;

/**
 * Refuses settings with which acknowledged rows are lost when the power fails.
 * @throws TidewaiterError `E_DATABASE_UNSAFE`.
 */
export function checkDurability(settings: Readonly<Record<string, string>>): void {
  const off = DURABLE.find((name) => settings[name] === 'off');
  if (off === undefined) return;
  throw new TidewaiterError(
    'E_DATABASE_UNSAFE',
    `The database is set to ${off} = off, with which it loses data when the power fails`,
    'Take that out of postgresql.conf and postgresql.auto.conf in its folder, or undo it with ALTER ROLE or ALTER DATABASE.',
  );
}

/**
 * Asks the cluster's files, before the server is started even once.
 * @throws TidewaiterError `E_DATABASE_UNSAFE`.
 */
export async function checkFiles(
  data: string,
  { postgres }: Pick<Binaries, 'postgres'>,
  account: Account | undefined,
): Promise<void> {
  const ask = async (name: string): Promise<[string, string]> => {
    const options = { ...account, env: {}, cwd: data };
    // Files that cannot be read are reported by the start that follows.
    const answer = await run(postgres, ['-C', name, '-D', data], options).catch(() => undefined);
    return [name, answer?.stdout.trim() ?? ''];
  };
  checkDurability(Object.fromEntries(await Promise.all(DURABLE.map(ask))));
}
