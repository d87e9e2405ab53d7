import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { tableLines } from './table.ts';

/** The load average from which on figures of time are not to be trusted. */
const quietLoad = 0.5;

/** The machine and the programs that the figures depend on, as Markdown. */
export function machineLines(): string[] {
  return tableLines(
    ['machine', ''],
    [
      ['processor', `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores`],
      ['memory', `${Math.round(totalmem() / 2 ** 30)} GiB`],
      ['system', systemName()],
      ['Node', process.versions.node],
      ['ffmpeg (peer and reference)', ffmpegVersion()],
    ],
  );
}

/** Load averages, and a warning when something else is at work. */
export function loadLines(): string[] {
  const [one = 0, five = 0, fifteen = 0] = loadavg();
  const line = `Load average ${[one, five, fifteen].map((load) => load.toFixed(2)).join(', ')}`;
  if (one <= quietLoad) return [`${line}: quiet.`];
  return [
    `${line}: **above ${quietLoad}. Something else is at work: times and rates are not to be trusted.**`,
  ];
}

/**
 * Share of all cores that is busy over a second, 0..1, while this process waits. Unlike the load average it forgets at
 * once what ran before.
 */
export async function busyShare(): Promise<number> {
  const before = cpuTimes();
  await wait(1000);
  const after = cpuTimes();
  return 1 - (after.idle - before.idle) / Math.max(1, after.all - before.all);
}

function cpuTimes(): { idle: number; all: number } {
  const times = cpus().map((cpu) => cpu.times);
  return {
    idle: times.reduce((sum, { idle }) => sum + idle, 0),
    all: times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0),
  };
}

function systemName(): string {
  try {
    const name = /^PRETTY_NAME="?(.*?)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
    return `${name ?? type()}, ${type()} ${release()}`;
  } catch {
    return `${type()} ${release()}`;
  }
}

function ffmpegVersion(): string {
  const text = execFileSync('ffmpeg', ['-version'], { encoding: 'utf8' });
  return /^ffmpeg version (\S+)/.exec(text)?.[1] ?? 'unknown';
}
