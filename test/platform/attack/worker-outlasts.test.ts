import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';
import { doneOnce, killed, redactionFolders, startRedaction, until } from './redactions.ts';
import { signedIn } from './writers.ts';

const bin = fileURLToPath(new URL('../../../bin/tidewaiter.js', import.meta.url));
const data = newDataFolder();
let [serving, worker]: [Serving | undefined, ChildProcess | undefined] = [undefined, undefined];
after(async () => {
  worker?.kill('SIGKILL');
  await serving?.stop();
  removeDataFolder(data);
});

describe('a worker', () => {
  test('outlasts a database that is killed under its job, and one that is gone for a while, and goes on', async () => {
    // The server itself does none.
    const settings = join(data, 'settings.yaml');
    writeFileSync(settings, 'jobs:\n  redaction: 0\n');
    const environment = { TIDEWAITER_SETTINGS: settings, TIDEWAITER_PORT: String(await freePort()) };
    serving = await startServing(data, environment);
    const headers = await signedIn(serving);
    worker = spawn(process.execPath, [bin, 'worker'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TIDEWAITER_DATA: data, TIDEWAITER_DATABASE_URL: '' },
    });
    let log = '';
    worker.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const lives = (): void => assert.deepEqual([worker?.exitCode, worker?.signalCode], [null, null], log);

    const first = await startRedaction(serving.url, headers);
    await until(() => redactionFolders(data).length === 1, 'the worker took the job up');
    const [file = ''] = globSync('database/**/postmaster.pid', { cwd: data });
    process.kill(Number(readFileSync(join(data, file), 'utf8').split('\n')[0]), 'SIGKILL');
    await doneOnce(serving, headers, first);
    lives();

    await killed(serving.process);
    await sleep(5000);
    lives();
    serving = await startServing(data, environment);
    const second = await startRedaction(serving.url, headers);
    await doneOnce(serving, headers, second);
    lives();
  });
});
