import assert from 'node:assert/strict';
import { lutimesSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { coded, query, scratch, startParent } from '../../../test/platform/embedded/server.ts';
import { joinEmbedded } from './join.ts';
import { lockFolder } from './lock.ts';
import { startOf } from './processes.ts';

describe('two starts', { concurrency: true }, () => {
  test('of two starts at the same time exactly one wins, be there a stale lock or not', async () => {
    const folder = scratch();
    for (let round = 0; round < 4; round++) {
      const rivals = [startParent(folder), startParent(folder)];
      const answers = await Promise.all(rivals.map(({ answer }) => answer));
      const [loser = '', winner = ''] = answers.sort();
      assert.equal(winner, 'ready');
      assert.match(loser, /^E_DATABASE_RUNNING/);
      const connection = await joinEmbedded(folder);
      assert.ok(connection !== undefined);
      assert.deepEqual(await query(connection, 'select 1 as one'), [{ one: 1 }]);
      for (const { child, kill } of rivals) if (child.exitCode === null) await kill('SIGKILL');
    }
  });

  test('of many who see the lock of a dead process exactly one gets it', async () => {
    for (let round = 0; round < 20; round++) {
      const folder = scratch();
      // This process number is taken, but its owner began at another time.
      symlinkSync(JSON.stringify({ ...here(), pid: process.ppid, started: '1' }), join(folder, 'owner.lock'));
      const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => lockFolder(folder)));
      const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      assert.equal(won.length, 1);
      await won[0]?.value.release();
      assert.deepEqual(readdirSync(folder), []);
    }
  });

  test('the lock of a living process is respected', async () => {
    const folder = scratch();
    const started = startOf(process.ppid);
    symlinkSync(JSON.stringify({ ...here(), pid: process.ppid, started }), join(folder, 'owner.lock'));
    await assert.rejects(lockFolder(folder), coded('E_DATABASE_RUNNING', new RegExp(`${process.ppid}`)));
  });

  test('an owner elsewhere, that cannot be looked at, lives as long as it gives signs', async (t) => {
    const [living, silent] = [scratch(), scratch()];
    const elsewhere = JSON.stringify({ pid: 1, host: 'elsewhere', started: '1', boot: 'b', numbering: 'n' });
    for (const folder of [living, silent]) symlinkSync(elsewhere, join(folder, 'owner.lock'));
    const beat = setInterval(() => lutimesSync(join(living, 'owner.lock'), new Date(), new Date()), 1000);
    t.after(() => clearInterval(beat));
    const [refused, taken] = await Promise.allSettled([lockFolder(living), lockFolder(silent)]);
    assert.throws(
      () => {
        throw refused.status === 'rejected' ? refused.reason : new Error('The lock was taken');
      },
      coded('E_DATABASE_RUNNING', /elsewhere/),
    );
    assert.equal(taken.status, 'fulfilled');
    await taken.value.release();
  });

  test('whoever stops while it waits for a sign of an owner elsewhere waits no more', async () => {
    const folder = scratch();
    const elsewhere = JSON.stringify({ pid: 1, host: 'elsewhere', started: '1', boot: 'b', numbering: 'n' });
    symlinkSync(elsewhere, join(folder, 'owner.lock'));
    await assert.rejects(lockFolder(folder, AbortSignal.timeout(100)), { name: 'AbortError' });
    assert.deepEqual(readdirSync(folder), ['owner.lock']);
  });
});

/** Where this process is, as its own lock says it. */
function here(): { host: string; boot?: string; numbering?: string } {
  if (process.platform !== 'linux') return { host: hostname() };
  return {
    host: hostname(),
    boot: readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim(),
    numbering: readlinkSync('/proc/self/ns/pid'),
  };
}
