import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';
import { doneOnce, killed, redactionFolders, startRedaction, until } from './redactions.ts';
import { signedIn } from './writers.ts';

const bin = fileURLToPath(new URL('../../../bin/tidewaiter.js', import.meta.url));
const data = newDataFolder();
const started: ChildProcess[] = [];
let serving: Serving | undefined;
after(async () => {
  for (const child of started) child.kill('SIGKILL');
  await serving?.stop();
  removeDataFolder(data);
});

describe('a redaction', () => {
  test('whose worker is killed is done by another, once', async () => {
    // The server itself does none.
    const settings = join(data, 'settings.yaml');
    writeFileSync(settings, 'jobs:\n  redaction: 0\n');
    serving = await startServing(data, { TIDEWAITER_SETTINGS: settings });
    const headers = await signedIn(serving);
    const redaction = await startRedaction(serving.url, headers);
    const worker = startWorker();
    await until(() => redactionFolders(data).length === 1, 'the worker took the job up');
    await killed(worker);
    assert.equal(redactionFolders(data).length, 1, 'what it worked on was left');
    startWorker();
    await doneOnce(serving, headers, redaction);
  });
});

function startWorker(): ChildProcess {
  const env = { ...process.env, TIDEWAITER_DATA: data, TIDEWAITER_DATABASE_URL: '' };
  const worker = spawn(process.execPath, [bin, 'worker'], { stdio: 'ignore', env });
  started.push(worker);
  return worker;
}
