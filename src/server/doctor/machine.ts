import { execFile } from 'node:child_process';
import { totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ok, warn, fail, type Finding } from './check.ts';

const GIB = 2 ** 30;
const LEAST_MEMORY_BYTES = 4 * GIB;
/** How far wall time and running time may part while they are watched; more is a clock that is being set. */
const DRIFT_MS = 50;

/** Node, memory, clock, time zones, and the program with which PostgreSQL is tied to the server. */
export async function checkMachine(): Promise<Finding[]> {
  return [
    ok('node', process.versions.node),
    checkMemory(Math.min(totalmem(), process.constrainedMemory() || Infinity)),
    await checkClock({ wall: () => Date.now(), running: () => performance.now() }),
    checkTimeZones(),
    await checkSetpriv(),
  ];
}

/** @param bytes of the machine, or what it leaves to this process. */
export function checkMemory(bytes: number): Finding {
  const found = `${(bytes / GIB).toFixed(1)} GiB`;
  if (bytes >= LEAST_MEMORY_BYTES) return ok('memory', found);
  return warn(
    'memory',
    found,
    'Give it 4 GiB or more: work on long videos may be stopped for want of memory.',
  );
}

/** Two clocks, both in milliseconds: that of the wall since 1970, and one that nobody sets. */
export interface Clocks {
  wall(): number;
  running(): number;
}

/** Whether the clock says a year that can be, and goes as time does while it is watched. */
export async function checkClock(clocks: Clocks): Promise<Finding> {
  const [wall, running] = [clocks.wall(), clocks.running()];
  const year = new Date(wall).getUTCFullYear();
  if (year < 2026 || year > 2100)
    return fail('clock', `it says the year ${year}`, 'Set the clock, and keep it right with NTP.');
  await sleep(200);
  const drift = Math.abs(clocks.wall() - wall - (clocks.running() - running));
  if (drift > DRIFT_MS)
    return warn(
      'clock',
      `it was moved by ${Math.round(drift)} ms while it was watched`,
      'Let NTP steer it without jumps.',
    );
  return ok('clock', new Date(wall).toISOString());
}

function checkTimeZones(): Finding {
  // Summer time in one half of the year and not in the other: data of zones is there, and of the right one.
  const hour = (day: string): string =>
    new Date(`${day}T12:00:00Z`).toLocaleTimeString('en-GB', { timeZone: 'America/New_York' });
  if (hour('2026-01-15') === '07:00:00' && hour('2026-07-15') === '08:00:00')
    return ok('time zones', 'known');
  return fail('time zones', 'the data of time zones is missing', 'Use a Node with full ICU data.');
}

async function checkSetpriv(): Promise<Finding> {
  const works = await promisify(execFile)('setpriv', ['--pdeathsig', 'INT', '--', 'true']).then(
    () => true,
    () => false,
  );
  if (works) return ok('setpriv', 'there');
  return warn(
    'setpriv',
    'not there, or not that of util-linux',
    'Install util-linux: with it PostgreSQL stops by itself when the server is killed.',
  );
}
