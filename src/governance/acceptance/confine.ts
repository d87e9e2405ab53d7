import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * How a stranger's process is held. `namespaces`: it has no network, sees no other process, and the set and the lab are hidden
 * from it. `none`: a group of its own only; somebody had to allow that.
 */
export type Confinement = 'namespaces' | 'none';

const namespaces = [
  ...[
    '--user',
    '--map-root-user',
    '--mount',
    '--net',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
    '--',
  ],
];
/**
 * Covers folders with empty ones; then a second user namespace, from which the covers cannot be taken off again
 * (mount_namespaces(7): mounts that come as a unit from a more privileged namespace are locked).
 */
const cover =
  'n=$1; shift; while [ "$n" -gt 0 ]; do mount -t tmpfs -o ro none "$1" || exit 97; shift; n=$((n - 1)); done; exec unshare --user --mount -- "$@"';

/** Whether this machine lets us confine processes. */
export async function canConfine(): Promise<boolean> {
  const [program, ...args] = confined(['true'], []);
  return promisify(execFile)(program ?? '', args).then(
    () => true,
    () => false,
  );
}

/** The command that runs another one confined. @param hidden folders that are empty for it. */
export function confined(command: readonly string[], hidden: readonly string[]): string[] {
  return ['unshare', ...namespaces, 'sh', '-c', cover, 'sh', String(hidden.length), ...hidden, ...command];
}

/** All that a stranger's process learns of where it runs. */
export function strangerEnvironment(folder: string): Record<string, string> {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8' };
}

const PAGE_BYTES = 4096;

/** A process and all that it started, with the memory they have in RAM. Linux only; elsewhere nothing is seen. */
export async function familyOf(
  leader: number,
): Promise<{ readonly pids: readonly number[]; readonly bytes: number }> {
  const names = await readdir('/proc').catch(() => []);
  const rows = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(processRow));
  const family = new Set([leader]);
  // Parents have no smaller numbers for certain: gone through until nobody is added.
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const row of rows)
      if (row !== undefined && (family.has(row.parent) || row.group === leader)) family.add(row.pid);
  }
  const members = rows.filter((row) => row !== undefined && family.has(row.pid));
  return {
    pids: members.map((row) => row?.pid ?? 0),
    bytes: members.reduce((sum, row) => sum + (row?.bytes ?? 0), 0),
  };
}

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly bytes: number;
}

/** proc_pid_stat(5); the name stands in brackets and may hold anything. */
async function processRow(name: string): Promise<ProcessRow | undefined> {
  const text = await readFile(`/proc/${name}/stat`, 'latin1').catch(() => '');
  const words = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (words.length < 22 || words[0] === 'Z') return undefined;
  const at = (index: number): number => Number(words[index]);
  return { pid: Number(name), parent: at(1), group: at(2), bytes: at(21) * PAGE_BYTES };
}
