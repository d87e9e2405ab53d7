import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Account } from './account.ts';

const run = promisify(execFile);

/** Folders of system programs; a server that is started by hand has not always all of them on its path. */
const searched = ['/usr/bin', '/bin', '/usr/sbin', '/usr/local/bin'];

/** A program of PostgreSQL that runs. */
export interface Program {
  readonly child: ChildProcess;
  readonly stderr: Readable;
  /** How it ended, in words: `exit code 1`. Never rejects. */
  readonly ended: Promise<string>;
}

/**
 * Starts a program of PostgreSQL in a folder, with an empty environment. It is asked to stop when this process dies, and
 * hears no Ctrl-C: that goes to the whole group of the terminal, and the product needs its database to end well.
 */
export async function spawnProgram(
  command: string,
  args: readonly string[],
  folder: string,
  account: Account | undefined,
): Promise<Program> {
  const [first, ...rest] = [...(await deathSignal(command)), command, ...args];
  const child = spawn(first ?? command, rest, {
    ...account,
    cwd: folder,
    env: {},
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return { child, stderr: child.stderr, ended: end(child) };
}

async function end(child: ChildProcess): Promise<string> {
  const closed = once(child, 'close').catch(() => undefined);
  try {
    const [code, killer] = (await once(child, 'exit')) as [number | null, string | null];
    // Its last words may still be on the way; but sessions that outlive a server keep its standard error open.
    await Promise.race([closed, wait(250)]);
    return killer === null ? `exit code ${code}` : `killed by ${killer}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

let prefix: Promise<readonly string[]> | undefined;

/**
 * What to write before a command so that the kernel sends it SIGINT when its parent dies, which PostgreSQL takes as the
 * order to stop cleanly: setpriv of util-linux, where it is. The kernel looks at the thread that started the process.
 */
function deathSignal(command: string): Promise<readonly string[]> {
  prefix ??= findSetpriv(command);
  return prefix;
}

async function findSetpriv(command: string): Promise<readonly string[]> {
  for (const folder of searched) {
    const setpriv = `${folder}/setpriv`;
    const args = ['--pdeathsig', 'INT', '--'];
    // Others of this name, such as BusyBox's, do not know this option.
    const works = await run(setpriv, [...args, command, '--version'], { env: {} }).then(
      () => true,
      () => false,
    );
    if (works) return [setpriv, ...args];
  }
  return [];
}
