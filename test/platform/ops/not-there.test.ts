import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { freePort } from '../free-port.ts';
import { newDataFolder, removeDataFolder } from '../serving.ts';
import { bin, tidewaiter } from './cli.ts';

describe('a data folder in which there is nothing', () => {
  const parent = newDataFolder();
  const data = join(parent, 'mistyped');
  after(() => removeDataFolder(parent));

  test('is said to hold no platform, and none is made by asking', async () => {
    const commands = [
      ['governance', 'permit', 'list'],
      ['user', 'grant', 'clerk', '--site', '*', '--role', 'admin'],
      ['token', 'create', '--login', 'clerk', '--name', 'import', '--scope', 'read', '--days', '9'],
      ['keys', 'rotate'],
      ['governance', 'ledger', 'export', join(parent, 'ledger.json')],
    ];
    for (const words of commands) {
      const answer = await tidewaiter(data, words);
      assert.match(answer.stderr, /E_PLATFORM_NONE: There is no platform in \S+mistyped/, words.join(' '));
      assert.notEqual(answer.code, 0);
    }
    assert.ok(!existsSync(data));
  });

  test('stays empty when the port is taken, which is said at once', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const answer = await tidewaiter(data, ['serve'], { env: { TIDEWAITER_PORT: String(port) } });
      assert.match(answer.stderr, new RegExp(`E_LISTEN: .*port ${port}: something else listens there`));
      assert.match(answer.stderr, /TIDEWAITER_PORT/);
      assert.ok(!existsSync(data));
    } finally {
      other.close();
    }
  });

  test('is not made where there is a file, for an address of another machine, or for TLS files that do not fit', async () => {
    const file = join(parent, 'file');
    writeFileSync(file, '');
    const settings = join(parent, 'settings.yaml');
    writeFileSync(settings, `tls: { certificate: ${file}, key: ${file} }\n`);
    const port = String(await freePort());
    const cases: readonly (readonly [folder: string, env: NodeJS.ProcessEnv, says: RegExp])[] = [
      [file, {}, /^E_DATA_FOLDER: .*\/file cannot be used: it is a file\. .*TIDEWAITER_DATA.*\n$/],
      [join(file, 'below'), {}, /^E_DATA_FOLDER: .*a file stands where a folder above it should.*\n$/],
      [data, { TIDEWAITER_HOST: '203.0.113.9' }, /^E_LISTEN: .*no such address\. .*TIDEWAITER_HOST.*\n$/],
      [data, { TIDEWAITER_SETTINGS: settings }, /^E_SETTINGS: TLS cannot be .*\n$/],
    ];
    for (const [folder, env, says] of cases) {
      const answer = await tidewaiter(folder, ['serve'], { env: { TIDEWAITER_PORT: port, ...env } });
      assert.match(answer.stderr, says);
      assert.equal(answer.code, 2);
      assert.ok(!existsSync(data));
    }
  });

  test('is told of a database that does not answer, which cameras beside the link wait for', async () => {
    const env = { TIDEWAITER_DATABASE_URL: 'postgres://us:secret@127.0.0.1:1/x' };
    const answer = await tidewaiter(data, ['serve'], { env });
    assert.match(
      answer.stderr,
      /^E_DATABASE_CONNECT: .*nothing listens there\. .*TIDEWAITER_DATABASE_URL.*\n$/,
    );
    const worker = spawn(process.execPath, [bin, 'worker', '--cameras'], {
      env: { ...process.env, ...env, TIDEWAITER_DATA: data },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const why = once(worker.stderr, 'data') as Promise<[Buffer]>;
    const [line] = (await Promise.race([
      once(worker.stdout, 'data'),
      once(worker, 'exit').then(([code]) => [`ended with ${code}`]),
    ])) as [Buffer | string];
    assert.match(String((await why)[0]), /waiting for .* at 127\.0\.0\.1:1: .* nothing listens there/);
    worker.kill('SIGTERM');
    assert.match(line.toString(), /^no platform since /);
    if (worker.exitCode === null) await once(worker, 'exit');
    assert.equal(worker.exitCode, 143);
  });
});
