import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TidewaiterError } from '../../core/errors.ts';
import { eventually, scratch, start } from '../../../test/platform/embedded/server.ts';
import { joinEmbedded } from './join.ts';

test('a server that dies again and again is started more and more slowly, and then given up', async (t) => {
  const folder = scratch();
  const failures: TidewaiterError[] = [];
  const server = await start(t, folder, (error) => failures.push(error));
  for (let death = 1; death <= 6; death++) {
    const before = server.pid();
    process.kill(before, 'SIGKILL');
    await eventually(() => server.pid() !== before || failures.length > 0, `death ${death} has an effect`);
  }
  assert.deepEqual(
    failures.map(({ code }) => code),
    ['E_DATABASE_START'],
  );
  assert.match(failures[0]?.message ?? '', /killed by SIGKILL/);
  await server.stop();
  assert.equal(await joinEmbedded(folder), undefined);
});

test('a stop while the server is started again leaves nothing running', async (t) => {
  const folder = scratch();
  for (const milliseconds of [0, 30, 60, 120]) {
    const server = await start(t, folder);
    process.kill(server.pid(), 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    await server.stop();
    assert.equal(await joinEmbedded(folder), undefined);
  }
});
