import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { lstat, lutimes, readlink, rm, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { startOf } from './processes.ts';

const BEAT_MILLISECONDS = 2000;
/** An owner that cannot be looked at, and gave no sign for so long, has gone. */
const SILENCE_MILLISECONDS = 12_000;

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only one that runs a database in a folder. The lock is a symbolic link that leads nowhere: one
 * system call makes it together with what it says, so that it is never seen half written. What a dead owner left is
 * taken over.
 * @param abort ends the wait for a sign of life of its owner.
 * @throws TidewaiterError `E_DATABASE_RUNNING` when its owner lives.
 */
export async function lockFolder(folder: string, abort?: AbortSignal): Promise<FolderLock> {
  const path = lockPath(folder);
  const owner = await take(path, abort);
  if (owner !== undefined) {
    throw new TidewaiterError(
      'E_DATABASE_RUNNING',
      `A server already runs on ${folder} (process ${owner.pid} on ${owner.host})`,
      'Stop it first, or use another data folder; workers and commands join a running server by themselves.',
    );
  }
  const ours = await read(path);
  const beat = setInterval(() => {
    const now = new Date();
    lutimes(path, now, now).catch(() => undefined);
  }, BEAT_MILLISECONDS).unref();
  return {
    release: async () => {
      clearInterval(beat);
      // Not what another has put there: a process that was held up for long may have lost its lock.
      if ((await read(path)) === ours) await rm(path, { force: true });
    },
  };
}

/** Whether a process that runs a database in this folder lives. */
export async function isLocked(folder: string): Promise<boolean> {
  const path = lockPath(folder);
  const text = await read(path);
  if (text === undefined) return false;
  return judge(parse(text)) ?? Date.now() - ((await beatOf(path)) ?? 0) < SILENCE_MILLISECONDS;
}

function lockPath(folder: string): string {
  return join(folder, 'owner.lock');
}

/** Undefined when the lock is ours now, else its living owner. */
async function take(path: string, abort?: AbortSignal): Promise<Owner | undefined> {
  for (;;) {
    if (await create(path)) return undefined;
    const text = await read(path);
    if (text === undefined) continue;
    const owner = parse(text);
    if (await lives(path, owner, abort)) return owner;
    // Removing is itself done under a lock: of two who see the same dead owner, the slower one would otherwise remove the
    // new lock of the faster one.
    const takeover = `${path}.takeover`;
    if ((await take(takeover, abort)) !== undefined) {
      await wait(20);
      continue;
    }
    try {
      if ((await read(path)) === text) await rm(path, { force: true });
    } finally {
      await rm(takeover, { force: true });
    }
  }
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, see {@link startOf}. */
  readonly started?: string;
  /** Start of the machine and numbering of its processes: where they are the same as ours, we can look at the process. */
  readonly boot?: string;
  readonly numbering?: string;
}

function self(): Owner {
  const started = startOf(process.pid);
  return { pid: process.pid, host: hostname(), ...(started === undefined ? {} : { started }), ...place() };
}

function place(): { boot?: string; numbering?: string } {
  try {
    return {
      boot: readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim(),
      numbering: readlinkSync('/proc/self/ns/pid'),
    };
  } catch {
    return {};
  }
}

/** Whether the owner lives; undefined when it is on another machine or in another container. */
function judge(owner: Owner): boolean | undefined {
  const here = place();
  if (owner.host === hostname() && owner.boot !== here.boot) return false;
  if (owner.boot !== here.boot || owner.numbering !== here.numbering) return undefined;
  if (here.boot === undefined && owner.host !== hostname()) return undefined;
  return owner.started !== undefined && startOf(owner.pid) === owner.started;
}

async function lives(path: string, owner: Owner, abort?: AbortSignal): Promise<boolean> {
  const judgement = judge(owner);
  if (judgement !== undefined) return judgement;
  // Clocks of two machines differ, so the sign of life is one that comes while we watch.
  const before = await beatOf(path);
  const deadline = performance.now() + SILENCE_MILLISECONDS;
  while (performance.now() < deadline) {
    if ((await beatOf(path)) !== before) return true;
    await wait(200, undefined, { signal: abort });
  }
  return false;
}

async function create(path: string): Promise<boolean> {
  try {
    // The random part keeps apart two locks of one process.
    await symlink(JSON.stringify({ ...self(), nonce: randomBytes(6).toString('hex') }), path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined when there is no lock. */
async function read(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    // Something that is not of ours: nobody keeps it alive.
    if (systemCode(error) === 'EINVAL') return '';
    throw error;
  }
}

function parse(text: string): Owner {
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return { pid: 0, host: 'an unknown machine' };
  }
}

async function beatOf(path: string): Promise<number | undefined> {
  return (await lstat(path).catch(() => undefined))?.mtimeMs;
}
