import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';
import { doneOnce, killed, redactionFolders, startRedaction, until } from './redactions.ts';
import { signedIn } from './writers.ts';

const data = newDataFolder();
let serving: Serving | undefined;
after(async () => {
  await serving?.stop();
  removeDataFolder(data);
});

describe('a redaction', () => {
  test('whose server is killed is done after the next start, once, and nothing is left of the first try', async () => {
    serving = await startServing(data);
    const headers = await signedIn(serving);
    const redaction = await startRedaction(serving.url, headers);
    await until(() => redactionFolders(data).length === 1, 'the job was taken up');
    await killed(serving.process);
    assert.equal(redactionFolders(data).length, 1, 'what it worked on was left');
    // And one that no job knows of.
    mkdirSync(join(data, 'work', 'redact-nobody'));
    serving = await startServing(data);
    await doneOnce(serving, headers, redaction);
  });
});
