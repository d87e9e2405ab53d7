import { execFile } from 'node:child_process';
import { access, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { TidewaiterError } from '../../core/errors.ts';

const run = promisify(execFile);
const SYSTEM_USER = 'tidewaiter';

/** Who the server runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Whom to run PostgreSQL as, since it refuses to be root: undefined for ourselves, when we are not root. Root lends it the
 * account that owns the data, or the folder for it, or the system user `tidewaiter`, which is created when it is missing.
 * @param folders to look for an owner at, the first that exists and is not root's counts.
 * @throws TidewaiterError `E_DATABASE_USER`.
 */
export async function accountFor(folders: readonly string[]): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const folder of folders) {
    const owner = await stat(folder).catch(() => undefined);
    if (owner !== undefined && owner.uid !== 0) return accountOf(owner.uid);
  }
  return (await systemUser()) ?? (await createSystemUser());
}

/**
 * PostgreSQL asks for the name of its user when it makes a cluster; containers are often run as a number without a name.
 * @throws TidewaiterError `E_DATABASE_USER`.
 */
export async function needsName(account: Account | undefined): Promise<void> {
  const uid = account?.uid ?? process.getuid?.();
  if (uid === undefined || (await ask('-un', String(uid))) !== undefined) return;
  throw new TidewaiterError(
    'E_DATABASE_USER',
    `The user number ${uid} has no name on this machine, and PostgreSQL wants one`,
    'Add a line for it to /etc/passwd, or run as a user that has one.',
  );
}

/**
 * Sees that the account may pass through every folder on the way. Root itself may go everywhere and would not notice.
 * @throws TidewaiterError `E_DATABASE_FOLDER`, which names the first folder that bars the way.
 */
export async function mayReach(path: string, account: Account | undefined): Promise<void> {
  if (account === undefined) return;
  for (const folder of ancestors(await realpath(path))) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) {
      throw new TidewaiterError(
        'E_DATABASE_FOLDER',
        `PostgreSQL runs as user number ${account.uid}, which may not pass through ${folder} to ${path}`,
        `Allow it (chmod o+x ${folder}), or use a folder elsewhere.`,
      );
    }
  }
}

function ancestors(path: string): string[] {
  const above = dirname(path);
  return above === path ? [path] : [...ancestors(above), path];
}

async function systemUser(): Promise<Account | undefined> {
  const uid = await ask('-u', SYSTEM_USER);
  return uid === undefined ? undefined : accountOf(Number(uid));
}

/** With the group that belongs to the user: that of a folder is often root's. */
async function accountOf(uid: number): Promise<Account> {
  return { uid, gid: Number((await ask('-g', String(uid))) ?? uid) };
}

/** What id says about a user, undefined when there is no such user. */
async function ask(question: '-u' | '-g' | '-un', user: string): Promise<string | undefined> {
  return run('id', [question, user]).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}

async function createSystemUser(): Promise<Account> {
  const failure = await run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    ...['--home-dir', '/nonexistent'],
    ...['--shell', await noLogin()],
    SYSTEM_USER,
  ]).then(
    () => undefined,
    (error: Error) => error,
  );
  // Looked for even after a failure: another server may have created it meanwhile.
  const account = await systemUser();
  if (account !== undefined) return account;
  throw new TidewaiterError(
    'E_DATABASE_USER',
    `PostgreSQL does not run as root, and a user ${SYSTEM_USER} for it cannot be created (${failure?.message.split('\n')[0] ?? 'no reason given'})`,
    `Create a system user ${SYSTEM_USER}, or give the data folder to another account with chown, or do not run as root.`,
  );
}

async function noLogin(): Promise<string> {
  const path = '/usr/sbin/nologin';
  return access(path).then(
    () => path,
    () => '/bin/false',
  );
}
