import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { parentProgram, query, scratch } from '../../../test/platform/embedded/server.ts';
import { accountFor } from './account.ts';
import { findBinaries } from './binaries.ts';
import { launch, StartFailure, type ServerPlan } from './postmaster.ts';
import { postgresIn } from './processes.ts';
import { startEmbedded } from './start.ts';

const never = new AbortController().signal;

describe('starting PostgreSQL on a cluster', () => {
  const folder = scratch();
  let plan: ServerPlan;
  const lines: string[] = [];

  before(async () => {
    const quiet = { log: (): void => undefined, onFailed: (): void => undefined };
    await (await startEmbedded({ folder, ...quiet })).stop();
    plan = {
      data: join(folder, 'pg18'),
      binaries: await findBinaries(),
      account: await accountFor([folder]),
      address: { host: '127.0.0.1', port: 0 },
      log: (line) => lines.push(line),
    };
  });
  after(() => assert.deepEqual(postgresIn(folder), []));

  test('fails with words from which a port that is taken is known, so that another is tried', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await assert.rejects(launch({ ...plan, address: { host: '127.0.0.1', port } }, never), (error) => {
      assert.ok(error instanceof StartFailure);
      assert.deepEqual([error.portTaken, error.occupied], [true, false], error.message);
      return true;
    });
    other.close();
    assert.match(lines.join('\n'), /^PostgreSQL: .*could not bind .*Address already in use/m);
  });

  test('fails with words from which a folder that is in use is known, so that it is waited for', async () => {
    const socket = { host: folder, port: 5432 };
    const server = await launch({ ...plan, address: socket }, never);
    await assert.rejects(launch({ ...plan, address: { ...socket, port: 5433 } }, never), (error) => {
      assert.ok(error instanceof StartFailure);
      assert.deepEqual([error.portTaken, error.occupied], [false, true], error.message);
      return true;
    });
    await server.stop();
  });

  test('fails, and does not end the process, when the program cannot be run at all', async () => {
    const missing = join(folder, 'missing');
    await assert.rejects(launch({ ...plan, data: missing }, never), StartFailure);
    await assert.rejects(launch({ ...plan, binaries: { postgres: missing } }, never), StartFailure);
  });

  test('is refused to a thread beside the main one, with which it would end', async () => {
    const worker = new Worker(parentProgram, { argv: [folder], stdout: true });
    assert.match(await text(worker.stdout), /main thread/);
  });

  test('begins on an empty environment, and stops when it is told to while it starts', async () => {
    const starting = AbortSignal.abort();
    await launch({ ...plan, address: { host: folder, port: 5432 } }, starting).then(
      ({ gone }) => gone,
      () => undefined,
    );
    assert.deepEqual(postgresIn(folder), []);
    await assert.rejects(query({ host: folder, port: 5432, user: 'tidewaiter', database: 'x' }, 'select 1'));
  });
});
