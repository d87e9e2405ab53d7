import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually, query, scratch, start, startParent } from '../../../test/platform/embedded/server.ts';
import { joinEmbedded } from './join.ts';
import { postgresIn } from './processes.ts';
import { startEmbedded } from './start.ts';

test('a first start that is killed is never used', async (t) => {
  for (const milliseconds of [20, 100, 250, 400]) {
    const folder = scratch();
    const parent = startParent(folder);
    await eventually(() => readdirSync(folder).some((name) => name.startsWith('pg18.tmp-')), 'it begins');
    await wait(milliseconds);
    await parent.kill('SIGKILL');
    const server = await start(t, folder);
    await query(server.connection, 'create table usable as select * from pg_class');
    assert.deepEqual(readdirSync(folder).sort(), ['owner.lock', 'pg18', 'socket']);
    await server.stop();
    assert.deepEqual(postgresIn(folder), []);
  }
});

test('a first start that is broken off leaves nothing, at whatever point', async (t) => {
  for (const line of [/new PostgreSQL cluster/, /starting PostgreSQL/]) {
    const folder = scratch();
    const [stop, making] = [new AbortController(), /new PostgreSQL cluster/.test(line.source)];
    const log = (told: string): void => {
      if (line.test(told)) setTimeout(() => stop.abort(), making ? 200 : 0);
    };
    await assert.rejects(startEmbedded({ folder, log, onFailed: assert.fail, signal: stop.signal }));
    assert.deepEqual(postgresIn(folder), []);
    assert.deepEqual(readdirSync(folder).sort(), making ? [] : ['pg18', 'socket']);
    await query((await start(t, folder)).connection, 'create table usable as select * from pg_class');
  }
});

test('initdb that is killed is reported and leaves nothing', async (t) => {
  const folder = scratch();
  const parent = startParent(folder);
  await eventually(() => (postgresIn(folder)?.length ?? 0) > 0, 'it begins');
  for (const pid of postgresIn(folder) ?? []) process.kill(pid, 'SIGKILL');
  assert.match(await parent.answer, /^E_DATABASE_START: /);
  assert.deepEqual(readdirSync(folder), []);
  await start(t, folder);
});

test('Ctrl-C in the terminal does not reach PostgreSQL', async () => {
  const folder = scratch();
  const parent = startParent(folder);
  assert.equal(await parent.answer, 'ready');
  const connection = await joinEmbedded(folder);
  assert.ok(connection !== undefined);
  process.kill(-(parent.child.pid ?? 0), 'SIGINT');
  await wait(300);
  assert.deepEqual(await query(connection, 'select 1 as one'), [{ one: 1 }]);
  await parent.kill('SIGTERM');
  assert.deepEqual(postgresIn(folder), []);
  assert.deepEqual(readdirSync(folder).sort(), ['pg18', 'socket']);
});
