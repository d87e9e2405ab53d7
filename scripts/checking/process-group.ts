import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Programs that end by themselves get this long to do so after their test. */
const graceMs = 500;

/** Kills every process of a group. */
export function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? leader : -leader, 'SIGKILL');
  } catch {
    // Nothing was left.
  }
}

/** The command lines of a group that is still running a moment after its leader has gone (on Linux; else none). */
export async function leftInGroup(leader: number | undefined): Promise<string[]> {
  const deadline = performance.now() + graceMs;
  let left = membersOf(leader);
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(50);
    left = membersOf(leader);
  }
  return left;
}

function membersOf(leader: number | undefined): string[] {
  if (process.platform !== 'linux' || leader === undefined) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        // After the name in parentheses: state, parent, group. A zombie has ended and only waits to be counted.
        const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
        if (fields[0] === 'Z' || Number(fields[2]) !== leader) return [];
        return [readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim()];
      } catch {
        return [];
      }
    });
}
