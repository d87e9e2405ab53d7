import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { newDataFolder, removeDataFolder } from '../serving.ts';
import { tidewaiter } from './cli.ts';

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
});
