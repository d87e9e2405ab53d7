import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Linux tells about its processes in /proc; elsewhere ps is asked, which knows less. */
const proc = existsSync('/proc/self/stat');

/**
 * When a process began, in units of its machine: a later process may have the same number, but not the same start too.
 * Undefined when there is none, or when it is dead and only waits to be reaped (a zombie).
 */
export function startOf(pid: number): string | undefined {
  if (!proc) return ps(pid, 'lstart');
  const text = read(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  // Fields 3 (state) and 22 (start) of proc(5); the name in field 2 may hold spaces and brackets.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

/** Whether this process number is taken, be it by a zombie. */
export function isTaken(pid: number): boolean {
  return proc ? existsSync(`/proc/${pid}`) : ps(pid, 'lstart') !== undefined;
}

/**
 * Whether the process is a PostgreSQL server on this data folder (its resolved path), and not one of the server's own
 * children, which write something else over their name.
 */
export function isPostmaster(pid: number, data: string): boolean {
  if (!proc) return ps(pid, 'command')?.includes(`/postgres -D ${data} `) === true;
  return workingFolder(pid) === data && basename(nameOf(pid)) === 'postgres';
}

/** Processes of PostgreSQL that work in a folder or below it; undefined where that cannot be found out. */
export function postgresIn(folder: string): number[] | undefined {
  if (!proc) return undefined;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => `${workingFolder(pid) ?? ''}${sep}`.startsWith(`${folder}${sep}`))
    .filter((pid) => /(^|\/)(postgres|initdb)(:|$)/.test(nameOf(pid)));
}

/** Sends a signal; a process that has gone is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  read(() => process.kill(pid, name));
}

/** False when the condition did not come true in time. */
export async function until(condition: () => boolean, seconds: number): Promise<boolean> {
  const deadline = performance.now() + seconds * 1000;
  while (!condition()) {
    if (performance.now() > deadline) return false;
    await wait(20);
  }
  return true;
}

function workingFolder(pid: number): string | undefined {
  return read(() => readlinkSync(`/proc/${pid}/cwd`));
}

function nameOf(pid: number): string {
  return read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.split('\0')[0] ?? '';
}

function ps(pid: number, field: string): string | undefined {
  const args = ['-ww', '-o', 'stat=', '-o', `${field}=`, '-p', String(pid)];
  // A state (Z for a zombie, else S+, Ss and so on, which change), then what was asked for.
  const text = read(() =>
    execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  return /^\s*[^Z\s]\S*\s+(.+)/.exec(text ?? '')?.[1]?.trim();
}

/** Processes come and go while they are looked at, and those of others may not be looked at. */
function read<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
