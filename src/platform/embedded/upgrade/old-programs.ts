import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where packages of Debian, Red Hat and Homebrew put the programs of a major version. */
const usualFolders = (major: number): string[] => [
  `/usr/lib/postgresql/${major}/bin`,
  `/usr/pgsql-${major}/bin`,
  `/opt/homebrew/opt/postgresql@${major}/bin`,
];

/**
 * The `postgres` of an older major version, which still reads the data that it made; undefined when there is none.
 * @param given folder that an administrator named, looked at first.
 */
export async function findOldPrograms(major: number, given: string | undefined): Promise<string | undefined> {
  for (const folder of [...(given === undefined ? [] : [given]), ...usualFolders(major)]) {
    const postgres = join(folder, 'postgres');
    const answer = await run(postgres, ['--version'], { env: {} }).catch(() => undefined);
    if (new RegExp(`\\(PostgreSQL\\) ${major}\\b`).test(answer?.stdout ?? '')) return postgres;
  }
  return undefined;
}
