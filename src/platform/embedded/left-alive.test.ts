import assert from 'node:assert/strict';
import { readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import {
  eventually,
  isRoot,
  joined,
  nothingLost,
  postmasterOf,
  progress,
  query,
  scratch,
  start,
  startParent,
  startWriter,
} from '../../../test/platform/embedded/server.ts';
import { needs } from '../../../test/needs.ts';
import { pidFilePath } from './pid-file.ts';
import { isPostmaster, postgresIn } from './processes.ts';

/** Postmasters on a folder: two at a time would spoil it. */
function postmasters(folder: string): number[] {
  return (postgresIn(folder) ?? []).filter((pid) => isPostmaster(pid, join(folder, 'pg18')));
}

describe(
  'a server that outlives its parent where no setpriv is',
  { skip: isRoot ? false : 'needs root' },
  () => {
    /** The programs of this machine without setpriv, as only this process sees them. */
    const without = [
      'unshare',
      '--mount',
      'sh',
      '-c',
      'mount --bind /dev/null /usr/bin/setpriv && exec "$@"',
      'sh',
    ];

    /** @returns its process number. Nobody reads what it says any more. */
    async function orphan(folder: string): Promise<number> {
      const parent = startParent(folder, without);
      assert.equal(await parent.answer, 'ready', 'mount namespaces are needed here');
      const pid = postmasterOf(folder);
      await parent.kill('SIGKILL');
      return pid;
    }

    test('serves on with nobody to hear its words, and is stopped by the next start without losing a row', async (t) => {
      const folder = scratch();
      const left = await orphan(folder);
      const connection = await joined(folder);
      const writer = await startWriter(connection);
      const talk = "do $$ begin for n in 1..300 loop raise log 'word %', n; end loop; end $$";
      await query(connection, talk);
      await progress(writer);
      assert.deepEqual(postmasters(folder), [left]);
      const server = await start(t, folder);
      assert.match(server.lines.join('\n'), new RegExp(`left \\(process ${left}\\)`));
      assert.deepEqual(postmasters(folder), [server.pid()]);
      await progress(writer);
      await writer.stop();
      await nothingLost(server.connection, writer.acknowledged);
    });

    for (const [what, spoil] of [
      ['emptied', (file: string) => writeFileSync(file, '')],
      ['removed', (file: string) => rmSync(file)],
    ] as const)
      test(`is stopped, and no second one started beside it, when its postmaster.pid was ${what}`, async (t) => {
        const folder = scratch();
        const left = await orphan(folder);
        await query(await joined(folder), 'create table kept as select 7 as seven');
        spoil(pidFilePath(join(folder, 'pg18')));
        const server = await start(t, folder);
        assert.match(server.lines.join('\n'), new RegExp(`left \\(process ${left}\\)`));
        assert.deepEqual(postmasters(folder), [server.pid()]);
        assert.deepEqual(await query(server.connection, 'select * from kept'), [{ seven: 7 }]);
      });
  },
);

const linux = process.platform === 'linux';

test(
  'dead processes that nobody reaps, as in a container without init, do not bar the way',
  { skip: linux ? false : 'needs Linux' },
  async (t) => {
    if (!needs(t, 'python3')) return;
    const folder = scratch();
    // It takes the place of process 1 for what it starts (PR_SET_CHILD_SUBREAPER), and never asks how an orphan ended.
    const script =
      'import ctypes,subprocess,sys,time;ctypes.CDLL(None).prctl(36,1,0,0,0);subprocess.Popen(sys.argv[1:]);time.sleep(60)';
    const container = startParent(folder, ['python3', '-c', script]);
    assert.equal(await container.answer, 'ready');
    const writer = await startWriter(await joined(folder));
    await progress(writer);
    const parent = (JSON.parse(readlinkSync(join(folder, 'owner.lock'))) as { pid: number }).pid;
    const postmaster = postmasterOf(folder);
    // Held still, it dies by the second signal, and not in the clean way that its parent's death asks for.
    process.kill(postmaster, 'SIGSTOP');
    process.kill(parent, 'SIGKILL');
    await eventually(() => stateOf(parent) === 'Z', 'the parent is dead');
    process.kill(postmaster, 'SIGKILL');
    await eventually(() => stateOf(postmaster) === 'Z', 'the server is dead');
    await wait(100);
    const server = await start(t, folder);
    assert.deepEqual([stateOf(parent), stateOf(postmaster)], ['Z', 'Z']);
    assert.match(server.lines.join('\n'), /Removing a postmaster\.pid that names no server/);
    await progress(writer);
    await writer.stop();
    await nothingLost(server.connection, writer.acknowledged);
    await container.kill('SIGKILL');
  },
);

/** R, S, T, Z (dead and not reaped), ... of proc(5). */
function stateOf(pid: number): string | undefined {
  return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
}
