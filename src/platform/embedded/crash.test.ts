import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  eventually,
  joined,
  nothingLost,
  postmasterOf,
  progress,
  scratch,
  start,
  startParent,
  startWriter,
} from '../../../test/platform/embedded/server.ts';
import { postgresIn } from './processes.ts';

test('PostgreSQL killed under a writer comes back by itself and has every acknowledged row', async (t) => {
  const server = await start(t, scratch());
  const writer = await startWriter(server.connection);
  for (let round = 0; round < 3; round++) {
    await progress(writer);
    const before = server.pid();
    process.kill(before, 'SIGKILL');
    await eventually(() => server.pid() !== before, 'it runs again');
    await progress(writer);
  }
  await writer.stop();
  await nothingLost(server.connection, writer.acknowledged);
});

test('a parent killed under a writer leaves no orphan, and the next start has every acknowledged row', async (t) => {
  const folder = scratch();
  const acknowledged: number[] = [];
  for (let round = 0; round < 3; round++) {
    const parent = startParent(folder);
    assert.equal(await parent.answer, 'ready');
    const writer = await startWriter(await joined(folder));
    await progress(writer);
    await parent.kill('SIGKILL');
    // Sometimes the next start comes at once, sometimes when the server has noticed.
    if (round === 1) await eventually(() => postgresIn(folder)?.length === 0, 'the orphan stops');
    const server = await start(t, folder);
    await progress(writer);
    await writer.stop();
    acknowledged.push(...writer.acknowledged);
    await nothingLost(server.connection, acknowledged);
    await server.stop();
    assert.deepEqual(postgresIn(folder), []);
  }
});

test('both killed under a writer: the next start has every acknowledged row', async (t) => {
  const folder = scratch();
  const parent = startParent(folder);
  assert.equal(await parent.answer, 'ready');
  const writer = await startWriter(await joined(folder));
  await progress(writer);
  process.kill(postmasterOf(folder), 'SIGKILL');
  await parent.kill('SIGKILL');
  const server = await start(t, folder);
  await progress(writer);
  await writer.stop();
  await nothingLost(server.connection, writer.acknowledged);
});
