import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';
import { signedIn, startWriters, storedTitles } from './writers.ts';

const data = newDataFolder();
let serving: Serving | undefined;
after(async () => {
  await serving?.stop();
  removeDataFolder(data);
});

describe('a server that is killed under load', () => {
  test('costs no acknowledged write', async () => {
    serving = await startServing(data);
    const headers = await signedIn(serving);
    for (let round = 0; round < 3; round++) {
      const { url } = serving;
      const writers = startWriters(() => url, headers);
      await sleep(700);
      const gone = once(serving.process, 'exit');
      serving.process.kill('SIGKILL');
      await gone;
      await writers.stop();
      assert.ok(writers.acknowledged.size > 0);
      serving = await startServing(data);
      const stored = await storedTitles(serving.url, headers);
      assert.deepEqual(
        [...writers.acknowledged].filter((title) => !stored.has(title)),
        [],
      );
    }
  });
});
