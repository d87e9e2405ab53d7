import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';
import { signedIn, startWriters, storedTitles } from './writers.ts';

const data = newDataFolder();
const servers: Serving[] = [];
after(async () => {
  for (const server of servers) await server.stop();
  removeDataFolder(data);
});

describe('a database that is killed under load', () => {
  test('costs no acknowledged write, and nobody gets anything but an answer or a 503', async () => {
    const serving = await startServing(data);
    servers.push(serving);
    const headers = await signedIn(serving);
    const writers = startWriters(() => serving.url, headers);
    for (let round = 0; round < 3; round++) {
      await sleep(500);
      process.kill(postmaster(data), 'SIGKILL');
      const killed = performance.now();
      const before = writers.acknowledged.size;
      while (writers.acknowledged.size < before + 20) {
        assert.ok(
          performance.now() - killed < 15_000,
          `no writes again after 15 s: ${writers.odd.join('\n')}`,
        );
        await sleep(50);
      }
    }
    await writers.stop();
    assert.deepEqual(writers.odd, []);
    const stored = await storedTitles(serving.url, headers);
    assert.deepEqual(
      [...writers.acknowledged].filter((title) => !stored.has(title)),
      [],
    );
  });
});

function postmaster(folder: string): number {
  const [file = ''] = globSync('database/**/postmaster.pid', { cwd: folder });
  return Number(readFileSync(join(folder, file), 'utf8').split('\n')[0]);
}
