import assert from 'node:assert/strict';
import { chmodSync, chownSync, cpSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { isRoot, scratch, startParent, stranger } from '../../../test/platform/embedded/server.ts';
import { postgresIn } from './processes.ts';

function as(uid: number, gid: number): string[] {
  return isRoot ? ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'] : [];
}

/** Users of the processes of PostgreSQL below a folder. */
function users(folder: string): Set<number> {
  return new Set((postgresIn(folder) ?? []).map((pid) => statSync(`/proc/${pid}`).uid));
}

test('a normal user runs it as itself', async () => {
  const folder = scratch();
  const parent = startParent(folder, as(stranger.uid, stranger.gid));
  assert.equal(await parent.answer, 'ready');
  assert.deepEqual(users(folder), new Set([isRoot ? stranger.uid : process.getuid?.()]));
  await parent.kill('SIGTERM');
  assert.deepEqual(postgresIn(folder), []);
});

describe('run by root', { skip: isRoot ? false : 'needs root' }, () => {
  test('it runs as the account that owns the folder, in its group', async () => {
    const folder = scratch();
    const parent = startParent(folder);
    assert.equal(await parent.answer, 'ready');
    assert.deepEqual(users(folder), new Set([stranger.uid]));
    const { uid, gid } = statSync(`/proc/${postgresIn(folder)?.[0] ?? ''}`);
    assert.deepEqual({ uid, gid }, stranger);
    await parent.kill('SIGTERM');
  });

  test('it runs as a system user of its own, which it creates', async (t) => {
    const outer = scratch();
    const etc = join(outer, 'etc');
    cpSync('/etc', etc, { recursive: true, verbatimSymlinks: true });
    // The user is created in a copy of /etc that only this process sees.
    const script = 'mount --bind "$0" /etc && { userdel tidewaiter 2>/dev/null; exec "$@"; }';
    const inside = ['unshare', '--mount', 'sh', '-c', script, etc];
    const folder = join(outer, 'made', 'database');
    const parent = startParent(folder, inside);
    const answer = await parent.answer;
    if (answer === '') return t.skip('mount namespaces are not allowed here');
    assert.equal(answer, 'ready');
    const [user = 0, ...others] = users(folder);
    assert.deepEqual(others, []);
    assert.ok(user !== 0 && user !== stranger.uid);
    assert.equal(statSync(join(folder, 'pg18')).uid, user);
    assert.equal(statSync(folder).uid, 0);
    await parent.kill('SIGTERM');
    // The next time the user is there.
    const again = startParent(folder, inside);
    assert.equal(await again.answer, 'ready');
    assert.deepEqual(users(folder), new Set([user]));
    await again.kill('SIGTERM');
  });

  test('it says what to do when it cannot create that user', async () => {
    const folder = join(scratch(), 'made');
    const parent = startParent(folder, ['env', 'PATH=/nonexistent']);
    assert.match(await parent.answer, /^E_DATABASE_USER: .*useradd.* chown/);
  });

  test('it names the folder that the account may not pass through', async () => {
    const closed = join(scratch(), 'closed');
    const folder = join(closed, 'database');
    mkdirSync(closed);
    mkdirSync(folder);
    chmodSync(closed, 0o700);
    chownSync(folder, stranger.uid, stranger.gid);
    assert.match(await startParent(folder).answer, new RegExp(`^E_DATABASE_FOLDER: .* ${closed} to `));
  });

  test('a user without a name is told to get one, and one without rights to get them', async () => {
    const folder = scratch();
    chmodSync(folder, 0o777);
    assert.match(await startParent(folder, as(54_321, 54_321)).answer, /^E_DATABASE_USER: .*54321/);
    chmodSync(folder, 0o711);
    assert.match(await startParent(folder, as(54_321, 54_321)).answer, /^E_DATABASE_FOLDER: .*EACCES/);
  });
});
