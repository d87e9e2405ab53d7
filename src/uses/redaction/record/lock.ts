import { readFileSync } from 'node:fs';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { systemCode, TidewaiterError } from '../../../core/errors.ts';

const POLL_MILLISECONDS = 20;
/** Appending takes milliseconds; whoever holds the lock for so long is not coming back. */
const PATIENCE_MILLISECONDS = 30_000;
/** A lock that is still empty after so long was left by a process that died while it wrote it. */
const EMPTY_MILLISECONDS = 5_000;

/**
 * Does something while no other process does it under the same lock file. A lock that a dead process of this machine left
 * is taken over; one from another machine is waited for, since nobody here can tell whether its owner lives.
 * @throws TidewaiterError `E_CHAIN_LOCKED` when the lock is not free in time.
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await acquire(path);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  while (!(await create(path))) {
    if (await isStale(path)) {
      // Removing is itself done under a lock: of two who see the same dead owner, the slower one would otherwise remove the
      // new lock of the faster one.
      await withLock(`${path}.takeover`, async () => {
        if (await isStale(path)) await rm(path, { force: true });
      });
      continue;
    }
    if (performance.now() > deadline) {
      throw new TidewaiterError(
        'E_CHAIN_LOCKED',
        `Another process holds ${path}`,
        'Wait for it to end; if none is running, on this or another machine, remove that file.',
      );
    }
    await wait(POLL_MILLISECONDS);
  }
}

/** False when somebody else has the lock. */
async function create(path: string): Promise<boolean> {
  const handle = await open(path, 'wx').catch((error: unknown) => {
    if (systemCode(error) === 'EEXIST') return undefined;
    throw error;
  });
  if (handle === undefined) return false;
  try {
    await handle.writeFile(JSON.stringify(self()));
    return true;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

interface Owner {
  readonly host: string;
  readonly pid: number;
  /** When the process began, in the units of its machine: a later process may have the same number. */
  readonly started?: string | undefined;
}

function self(): Owner {
  return { host: hostname(), pid: process.pid, started: startOf(process.pid) };
}

async function isStale(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return false;
  const owner = parseOwner(text);
  if (owner === undefined) {
    const status = await stat(path).catch(() => undefined);
    return status !== undefined && Date.now() - status.mtimeMs > EMPTY_MILLISECONDS;
  }
  return owner.host === hostname() && !isAlive(owner);
}

function parseOwner(text: string): Owner | undefined {
  try {
    const value = JSON.parse(text) as Partial<Owner>;
    const { host, pid, started } = value;
    return typeof host === 'string' && typeof pid === 'number' ? { host, pid, started } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCode(error) !== 'EPERM') return false;
  }
  return started === undefined || startOf(pid) === started;
}

/** Field 22 of /proc/PID/stat (proc(5)), where there is such a file. The name before it may hold spaces and brackets. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
