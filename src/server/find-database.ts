import { join } from 'node:path';
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
export async function findDatabase({ data, database: { url } }: Where): Promise<Connection | undefined> {
  return url === undefined ? joinEmbedded(databaseFolder({ data })) : { connectionString: url };
}
