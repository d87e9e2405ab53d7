import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import {
  eventually,
  isRoot,
  postmasterOf,
  query,
  scratch,
  start,
  startParent,
  stranger,
} from '../../../test/platform/embedded/server.ts';
import { joinEmbedded } from './join.ts';

test('a server that nothing stopped when its parent died is stopped by the next start', async (t) => {
  const folder = scratch();
  const first = startParent(folder);
  assert.equal(await first.answer, 'ready');
  const orphan = postmasterOf(folder);
  // Held still, it cannot follow the order that its parent's death gives it.
  process.kill(orphan, 'SIGSTOP');
  await first.kill('SIGKILL');
  setTimeout(() => process.kill(orphan, 'SIGCONT'), 300);
  const server = await start(t, folder);
  assert.notEqual(server.pid(), orphan);
  assert.match(server.lines.join('\n'), new RegExp(`left \\(process ${orphan}\\)`));
});

test('sessions of a dead server that are busy do not keep the next one from starting', async (t) => {
  const server = await start(t, scratch());
  // A loop that never looks whether the server still lives.
  const busy = query(
    server.connection,
    "select count(*) from generate_series(1, 1e12) as n where md5(n::text) = ''",
  );
  busy.catch(() => undefined);
  await wait(200);
  const before = server.pid();
  process.kill(before, 'SIGKILL');
  await eventually(() => server.pid() !== before, 'it runs again');
  await assert.rejects(busy);
});

test('a postmaster.pid that is empty or names a process of others does not bar the way', async (t) => {
  const folder = scratch();
  const data = join(folder, 'pg18');
  await (await start(t, folder)).stop();
  // Of the same user: PostgreSQL takes it for a server then.
  const other = spawn('sleep', ['60'], isRoot ? stranger : {});
  t.after(async () => {
    other.kill();
    await once(other, 'exit');
  });
  const pidFile = join(data, 'postmaster.pid');
  for (const text of ['', `${other.pid}\n${data}\n1\n5432\n\n\n\nready\n`]) {
    writeFileSync(pidFile, text);
    assert.equal(await joinEmbedded(folder), undefined);
    const server = await start(t, folder);
    assert.deepEqual(await query(server.connection, 'select 1 as one'), [{ one: 1 }]);
    await server.stop();
  }
  assert.equal(other.exitCode, null);
});
