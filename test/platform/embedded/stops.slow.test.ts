import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually, postmasterOf, query, scratch, start } from './server.ts';

/** Those that PostgreSQL takes as an order to stop, by their numbers; its own processes send it others. */
const orders: readonly [NodeJS.Signals, number][] = [
  ['SIGINT', 2],
  ['SIGQUIT', 3],
  ['SIGTERM', 15],
];

/** Orders that were sent to a process and not yet taken, as the kernel says it. */
function pending(pid: number): string {
  const mask = BigInt(`0x${/^ShdPnd:\s+(\w+)$/m.exec(statusOf(pid))?.[1] ?? '0'}`);
  return orders
    .filter(([, number]) => ((mask >> BigInt(number - 1)) & 1n) === 1n)
    .map(([name]) => name)
    .join(' ');
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return '';
  }
}

test(
  'a server that does not stop is asked to finish, then to break off, and only then killed; no row is lost',
  { skip: process.platform === 'linux' ? false : 'needs /proc' },
  async (t) => {
    const folder = scratch();
    const server = await start(t, folder);
    await query(server.connection, 'create table kept as select 7 as seven');
    const pid = postmasterOf(folder);
    // Held still, it takes no signal but the last.
    process.kill(pid, 'SIGSTOP');
    await eventually(() => /^State:\s+T/m.test(statusOf(pid)), 'it is held still');
    const seen: string[] = [];
    let over = false;
    const stopped = server.stop().finally(() => (over = true));
    while (!over) {
      const now = pending(pid);
      if (now !== '' && now !== seen.at(-1)) seen.push(now);
      await wait(50);
    }
    await stopped;
    assert.deepEqual(seen, ['SIGINT', 'SIGINT SIGQUIT']);
    const again = await start(t, folder);
    assert.deepEqual(await query(again.connection, 'select * from kept'), [{ seven: 7 }]);
  },
);
