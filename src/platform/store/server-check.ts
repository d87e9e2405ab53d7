import { sql } from 'kysely';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import type { Database } from './database.ts';

/** The oldest PostgreSQL that has what the schema uses. */
export const OLDEST_POSTGRES = 15;

const remedy =
  'See that PostgreSQL runs there, and check TIDEWAITER_DATABASE_URL, or database.url in the settings.';

/**
 * Asks the database for the first time.
 * @throws TidewaiterError `E_DATABASE_CONNECT` when it does not answer (its cause says why), is too old or keeps no Unicode.
 */
export async function checkDatabaseServer(db: Database): Promise<void> {
  const asked = await sql<{ version: number; encoding: string }>`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding
  `
    .execute(db)
    .catch((error: unknown) => {
      throw unusable(`does not let us in: ${reasonIn(error)}`, remedy, error);
    });
  const { version, encoding } = asked.rows[0]!;
  const major = Math.floor(version / 10_000);
  if (major < OLDEST_POSTGRES)
    throw unusable(`is PostgreSQL ${major}`, `Use version ${OLDEST_POSTGRES} or later.`);
  if (encoding !== 'UTF8')
    throw unusable(`keeps texts as ${encoding}`, "Make one with ENCODING 'UTF8', and name it instead.");
}

function unusable(what: string, todo: string, cause?: unknown): TidewaiterError {
  return new TidewaiterError('E_DATABASE_CONNECT', `The database ${what}`, todo, { cause });
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no machine of that name is known',
  EAI_AGAIN: 'the name of its machine could not be looked up',
  // PostgreSQL: password or access refused, no such database.
  '28P01': 'it refuses the user or the password',
  '28000': 'it refuses the user from here',
  '3D000': 'it has no database of that name',
};

function reasonIn(error: unknown): string {
  const known = reasons[systemCode(error) ?? ''];
  // What PostgreSQL and the driver say here names hosts, users and files, and never a password.
  return known ?? (error instanceof Error ? error.message : String(error));
}
