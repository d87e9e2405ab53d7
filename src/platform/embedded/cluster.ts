import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { TidewaiterError } from '../../core/errors.ts';
import { needsName, type Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { postgresIn, signal, until } from './processes.ts';
import { spawnProgram } from './spawn.ts';

/** Superuser of a cluster: it makes the role and the database of the product, and is used for nothing else. */
export const SUPERUSER = 'tidewaiter_admin';

/** Passwords of a cluster's two roles. */
export interface Secrets {
  readonly superuser: string;
  readonly application: string;
}

/** In a cluster's folder. Written last, so that it says too that the cluster was made to the end. */
const SECRETS_FILE = 'tidewaiter-secrets.json';
const UNFINISHED = /^pg\d+\.tmp-/;

/** Puts into a new cluster what it begins with, before it gets its name. */
export type Fill = (made: {
  readonly data: string;
  readonly secrets: Secrets;
  /** Folder beside the cluster, removed afterwards, that PostgreSQL's account may write to. */
  readonly work: string;
}) => Promise<void>;

/** What clusters are made with. */
export interface Maker {
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  readonly log: (line: string) => void;
  /** Breaks off the making: nothing is left then. */
  readonly abort: AbortSignal;
}

/**
 * The folder of the cluster in `folder`, which is made when there is none. Call it under the lock of `folder`.
 * @param fillFrom how to fill a new one from that of an older major version, whose folder is then kept under another name.
 * @throws TidewaiterError `E_DATABASE_VERSION`, `E_DATABASE_FOLDER`, `E_DATABASE_USER` or `E_DATABASE_START`.
 */
export async function prepareCluster(
  folder: string,
  maker: Maker,
  fillFrom: (major: number) => Promise<Fill | undefined>,
): Promise<string> {
  const { binaries, log } = maker;
  await sweep(folder);
  const data = join(folder, `pg${binaries.major}`);
  const majors = await majorsIn(folder);
  if (majors.includes(binaries.major)) {
    await checkCluster(data, binaries);
  } else if (majors.length === 0) {
    log('Making a new PostgreSQL cluster');
    await makeCluster(data, maker, nothing);
  } else {
    const newest = Math.max(...majors);
    const fill = newest < binaries.major ? await fillFrom(newest) : undefined;
    if (fill === undefined) throw otherVersion(`${folder} holds`, majors.join(' and '), binaries);
    await checkCluster(join(folder, `pg${newest}`), { major: newest });
    await makeCluster(data, maker, fill);
  }
  await retire(folder, binaries, log);
  return data;
}

const nothing: Fill = async () => Promise.resolve();

/**
 * Takes the names of older clusters from them, whose rows the new one has: an older version of Tidewaiter would start one again and
 * go on from there.
 */
async function retire(folder: string, { major }: Binaries, log: (line: string) => void): Promise<void> {
  for (const old of (await majorsIn(folder)).filter((one) => one < major)) {
    const kept = `pg${old}.old-${randomBytes(3).toString('hex')}`;
    await rename(join(folder, `pg${old}`), join(folder, kept));
    await syncFolder(folder);
    log(
      `The database of PostgreSQL ${old} is kept in ${join(folder, kept)}; delete it when you no longer need it`,
    );
  }
}

/** Whether a cluster is being made or filled, or was when its maker was killed. */
export async function isUnfinished(folder: string): Promise<boolean> {
  return (await readdir(folder)).some((name) => UNFINISHED.test(name));
}

/** Versions for which there is a cluster in the folder. */
export async function majorsIn(folder: string): Promise<number[]> {
  return (await readdir(folder)).flatMap((name) => /^pg(\d+)$/.exec(name)?.[1] ?? []).map(Number);
}

export async function readSecrets(data: string): Promise<Secrets> {
  return JSON.parse(await readFile(join(data, SECRETS_FILE), 'utf8')) as Secrets;
}

/** Removes what was left by a server that was killed while it made a cluster. */
async function sweep(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((entry) => UNFINISHED.test(entry)))
    await discard(join(folder, name));
}

/** Servers that were killed are not gone at once, and write until they are. */
async function discard(unfinished: string): Promise<void> {
  await until(() => {
    const left = postgresIn(unfinished) ?? [];
    left.forEach((pid) => signal(pid, 'SIGKILL'));
    return left.length === 0;
  }, 10);
  await rm(unfinished, { recursive: true, force: true, maxRetries: 5 });
}

async function checkCluster(data: string, binaries: Pick<Binaries, 'major'>): Promise<void> {
  const [version, secrets] = await Promise.all([
    readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => ''),
    stat(join(data, SECRETS_FILE)).catch(() => undefined),
  ]);
  if (secrets === undefined) {
    throw new TidewaiterError(
      'E_DATABASE_FOLDER',
      `${data} is not a database that Tidewaiter made, or a part of it is missing`,
      'Move it away, and restore a backup when there was data in it.',
    );
  }
  if (version.trim() !== String(binaries.major)) {
    throw otherVersion(`${data} is of`, version.trim() || 'an unknown version', binaries);
  }
}

function otherVersion(subject: string, found: string, { major }: Pick<Binaries, 'major'>): TidewaiterError {
  return new TidewaiterError(
    'E_DATABASE_VERSION',
    `${subject} PostgreSQL ${found}, and this version of Tidewaiter brings PostgreSQL ${major}`,
    'If it is older, install the programs of that version (on Debian postgresql-NN) or name their folder in TIDEWAITER_OLD_POSTGRES, and start again; else use the version of Tidewaiter that made it.',
  );
}

/** In a folder beside, which gets its name when it is complete: initdb that was killed leaves what looks like a cluster. */
async function makeCluster(data: string, maker: Maker, fill: Fill): Promise<void> {
  const { account } = maker;
  await needsName(account);
  const unfinished = `${data}.tmp-${randomBytes(6).toString('hex')}`;
  const cluster = join(unfinished, 'data');
  const passwordFile = join(unfinished, 'password');
  const secrets: Secrets = { superuser: secret(), application: secret() };
  try {
    for (const folder of [unfinished, cluster]) await lend(folder, account, () => mkdir(folder, 0o700));
    await lend(passwordFile, account, () => writeDurably(passwordFile, secrets.superuser));
    await initialise(cluster, passwordFile, maker);
    await fill({ data: cluster, secrets, work: unfinished });
    const file = join(cluster, SECRETS_FILE);
    await lend(file, account, () => writeDurably(file, JSON.stringify(secrets)));
    await syncFolder(cluster);
    await rename(cluster, data);
    await syncFolder(join(data, '..'));
  } finally {
    await discard(unfinished);
  }
}

async function initialise(
  cluster: string,
  passwordFile: string,
  { binaries, account, abort }: Maker,
): Promise<void> {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  const sharedMegabytes = Math.max(16, Math.min(256, Math.floor(memory / 4 / 2 ** 20)));
  const settings = [`shared_buffers=${sharedMegabytes}MB`, 'max_connections=300', 'timezone=UTC'];
  const args = [
    ...['-D', cluster, '-U', SUPERUSER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
    ...['--encoding=UTF8', '--locale=C.UTF-8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    '--data-checksums',
    ...settings.flatMap((setting) => ['-c', setting]),
  ];
  abort.throwIfAborted();
  const { child, stderr, ended } = await spawnProgram(binaries.initdb, args, cluster, account);
  // With the servers that it runs: they are of its process group.
  const kill = (): void => signal(-(child.pid ?? NaN), 'SIGKILL');
  abort.addEventListener('abort', kill);
  let words = '';
  stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-2000)));
  const how = await ended;
  abort.removeEventListener('abort', kill);
  abort.throwIfAborted();
  if (how === 'exit code 0') return;
  throw new TidewaiterError(
    'E_DATABASE_START',
    `PostgreSQL could not make a cluster (${how}): ${words.trim()}`,
    'Look at what it says, above all for a full disk and for rights; nothing half made was left.',
  );
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** Makes something and hands it to the account that PostgreSQL runs as. */
async function lend(path: string, account: Account | undefined, make: () => Promise<unknown>): Promise<void> {
  await make();
  if (account !== undefined) await chown(path, account.uid, account.gid);
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
