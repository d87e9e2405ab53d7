import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TidewaiterError } from '../core/errors.ts';
import { joinEmbedded } from '../platform/embedded/join.ts';
import type { Settings } from '../platform/settings/settings.ts';
import type { Connection } from '../platform/store/database.ts';

type Where = Pick<Settings, 'data' | 'database'>;

/** Where our own PostgreSQL keeps its files. */
export function databaseFolder({ data }: Pick<Settings, 'data'>): string {
  return join(data, 'database');
}

/**
 * The database of the settings, as far as it runs: the agency's, or the one that another process runs on the data folder.
 * @returns undefined when none runs there.
 * @throws TidewaiterError `E_DATABASE_FOLDER`.
 */
export async function findDatabase(
  { data, database: { url } }: Where,
  abort?: AbortSignal,
): Promise<Connection | undefined> {
  return url === undefined ? joinEmbedded(databaseFolder({ data }), abort) : { connectionString: url };
}

/**
 * For commands that ask what is there: an answer out of a database made this moment would be that nothing is.
 * @throws TidewaiterError `E_PLATFORM_NONE`.
 */
export function platformExists({ data, database: { url } }: Where): void {
  if (url !== undefined || existsSync(databaseFolder({ data }))) return;
  throw new TidewaiterError(
    'E_PLATFORM_NONE',
    `There is no platform in ${data}`,
    'Point TIDEWAITER_DATA or TIDEWAITER_DATABASE_URL to it, or start one with tidewaiter serve.',
  );
}
