import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { newDataFolder, removeDataFolder, startServing } from '../serving.ts';
import { tidewaiter } from './cli.ts';

const bin = fileURLToPath(new URL('../../../bin/tidewaiter.js', import.meta.url));

interface Check {
  readonly what: string;
  readonly state: string;
  readonly found: string;
}

async function doctorOn(data: string): Promise<Check | undefined> {
  const { stdout } = await tidewaiter(data, ['doctor', '--json']);
  const checks = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Check);
  return checks.find(({ what }) => what === 'restore');
}

describe('a restore that was killed', () => {
  const data = newDataFolder();
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-unfinished-'));
  const backup = join(folder, 'whole.tar');
  const passphrase = join(folder, 'passphrase');
  after(() => {
    removeDataFolder(data);
    rmSync(folder, { recursive: true, force: true });
  });
  before(async () => {
    chmodSync(folder, 0o711);
    writeFileSync(passphrase, 'five words nobody else would say\n');
    await (await startServing(data)).stop();
    const made = await tidewaiter(data, ['backup', backup, '--passphrase-file', passphrase]);
    assert.equal(made.code, 0, made.stderr);
  });

  test('half-way is never taken for an installation', async () => {
    const half = join(folder, 'half');
    const words = ['restore', backup, '--passphrase-file', passphrase];
    const child = spawn(process.execPath, [bin, ...words], {
      stdio: 'ignore',
      env: { ...process.env, TIDEWAITER_DATA: half, TIDEWAITER_DATABASE_URL: '' },
    });
    const gone = once(child, 'exit');
    while (!existsSync(join(half, 'restoring', 'master-keys.json'))) await sleep(5);
    child.kill('SIGKILL');
    await gone;
    for (const command of [['serve'], ['governance', 'ledger', 'check'], words]) {
      const { code, stderr } = await tidewaiter(half, command);
      assert.equal(code, 2, command.join(' '));
      assert.match(stderr, /E_RESTORE_UNFINISHED: .*empty the folder, and restore again/, command.join(' '));
    }
    assert.ok(!existsSync(join(half, 'database')), 'nothing was made in it');
    const told = await doctorOn(half);
    assert.equal(told?.state, 'fail');
    assert.match(told?.found ?? '', /was broken off/);
  });

  test('after its last step is complete: the next start clears up behind it', async () => {
    mkdirSync(join(data, 'vault'));
    mkdirSync(join(data, 'restoring'));
    assert.equal((await doctorOn(data))?.state, 'warn');
    const serving = await startServing(data);
    assert.ok(!existsSync(join(data, 'restoring')));
    await serving.stop();
    assert.equal(await doctorOn(data), undefined);
  });

  test('into a database of the agency is never complete for sure', async () => {
    mkdirSync(join(data, 'restoring'));
    const env = { TIDEWAITER_DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' };
    const { stderr } = await tidewaiter(data, ['serve'], { env });
    assert.match(stderr, /E_RESTORE_UNFINISHED: .*empty the folder and the database, and restore again/);
  });
});
