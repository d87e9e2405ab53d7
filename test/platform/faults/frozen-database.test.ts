import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendants } from '../../redaction/program.ts';
import { ask, codeOf, type Reply } from '../attack/house.ts';
import { until } from '../attack/redactions.ts';
import { signedIn } from '../attack/writers.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';

const data = newDataFolder();
let serving: Serving | undefined;
let frozen: readonly number[] = [];
after(async () => {
  for (const pid of frozen) process.kill(pid, 'SIGCONT');
  await serving?.stop();
  removeDataFolder(data);
});

function databaseProcesses(): number[] {
  const [file = ''] = globSync('database/**/postmaster.pid', { cwd: data });
  const postmaster = Number(readFileSync(join(data, file), 'utf8').split('\n')[0]);
  return [postmaster, ...descendants(postmaster)];
}

describe('a database that neither answers nor refuses', () => {
  test('makes nobody wait: 503 says when to come again, and all goes on when it answers again', async () => {
    const { url } = (serving = await startServing(data));
    const headers = await signedIn(serving);
    const list = (): Promise<Reply> => ask({ url }, { path: '/api/v1/cases', headers });
    const open = (): Promise<Reply> => {
      const body = { site: 'pier', use: 'redaction', title: 'x' };
      return ask({ url }, { method: 'POST', path: '/api/v1/cases', body, headers });
    };
    assert.equal((await list()).status, 200);
    frozen = databaseProcesses();
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');
    // These were waiting when nobody knew yet; `ask` gives each fifteen seconds.
    const replies = await Promise.all([list(), open(), ask({ url }, { path: '/readyz' })]);
    assert.deepEqual(
      replies.map(({ status }) => status),
      [503, 503, 503],
    );
    for (const reply of [...replies.slice(0, 2), await list(), await open()]) {
      assert.equal(codeOf(reply), 'E_UNAVAILABLE');
      assert.match(reply.headers.get('retry-after') ?? '', /^\d+$/);
    }
    assert.equal((await ask({ url }, { path: '/healthz' })).status, 200);
    await sleep(1000);
    for (const pid of frozen) process.kill(pid, 'SIGCONT');
    frozen = [];
    await until(async () => (await list()).status === 200, 'lists are answered again');
    assert.equal((await open()).status, 201);
  });
});
