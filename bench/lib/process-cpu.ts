import { readFileSync } from 'node:fs';

/** Ticks of `/proc`, in a second. */
const ticks = 100;

/** Processor seconds that a process has used, all its threads included; 0 when it has gone. */
export function cpuOf(pid: number): number {
  const [, user, system] = fieldsOf(pid, 'stat', /^\d+ \(.*\) \S(?: -?\d+){10} (\d+) (\d+)/s);
  return (Number(user ?? 0) + Number(system ?? 0)) / ticks;
}

/** Resident memory of a process, bytes; 0 when it has gone. */
export function residentOf(pid: number): number {
  const [, kilobytes] = fieldsOf(pid, 'status', /^VmRSS:\s+(\d+) kB/m);
  return Number(kilobytes ?? 0) * 1024;
}

function fieldsOf(pid: number, file: string, pattern: RegExp): readonly (string | undefined)[] {
  try {
    return pattern.exec(readFileSync(`/proc/${pid}/${file}`, 'utf8')) ?? [];
  } catch {
    return [];
  }
}
