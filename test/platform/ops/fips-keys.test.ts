import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { openCheckpoint } from '../../../src/governance/log/checkpoint.ts';
import { parseVerifyKey } from '../../../src/core/signing-key.ts';
import { until } from '../service-parts.ts';
import { Client, newDataFolder, removeDataFolder, startServing, totp, type Serving } from '../serving.ts';
import { tidewaiter } from './cli.ts';

const [login, password] = ['admin', 'seven tides at the quiet pier'];
const fips = { TIDEWAITER_CRYPTOGRAPHY: 'fips' };

describe('what is from before the FIPS profile', () => {
  const data = newDataFolder();
  const servers: Serving[] = [];
  after(async () => {
    for (const server of servers) await server.stop();
    removeDataFolder(data);
  });

  const command = async (words: readonly string[], input = ''): Promise<string> => {
    const { code, stdout, stderr } = await tidewaiter(data, words, { input, env: fips });
    // Doctor has more to say than is asked here, such as that no model is there.
    assert.ok(code === 0 || words[0] === 'doctor', stderr);
    return stdout;
  };
  const doctor = async (what: string): Promise<string> => {
    const lines = (await command(['doctor', '--json'])).split('\n');
    return lines.find((line) => line.includes(`"${what}"`)) ?? '';
  };
  const start = async (environment: NodeJS.ProcessEnv): Promise<Serving> => {
    const serving = await startServing(data, environment);
    servers.push(serving);
    return serving;
  };

  test('an authenticator app with SHA-1 is refused with what to do, and doctor names whose it is', async () => {
    const first = await start({});
    const client = new Client(first.url);
    await client.call('POST', '/first-run', { code: first.firstRunCode, login, name: 'Admin', password });
    const secret = await client.enrol(login, password);
    await first.stop();
    await command(['user', 'reset-password', login], password);

    const visitor = new Client((await start(fips)).url);
    const entered = await visitor.call('POST', '/session', { login, password });
    assert.equal(entered.body['state'], 'second-factor');
    const code = totp(secret, Date.now() + 30_000);
    const refused = await visitor.call('POST', '/session/second-factor', { code });
    assert.equal(refused.body['code'], 'E_SIGN_IN');
    assert.match(String(refused.body['remedy']), /before the FIPS profile .*reset-second-factor/);
    assert.match(await doctor('authenticator apps'), /"warn".*1 with SHA-1.*: admin/);
    await command(['user', 'reset-second-factor', login]);
    assert.match(await doctor('authenticator apps'), /"ok"/);
  });

  test('a key signs on until it is rotated, and what it signed is verified besides', async () => {
    assert.match(await doctor('signing keys'), /"warn".*ledger/);
    await command(['keys', 'rotate', '--signing', 'all']);
    assert.match(await doctor('signing keys'), /"ok"/);
    const pems = (await command(['governance', 'ledger', 'key'])).split(/(?<=-----END PUBLIC KEY-----\n)/);
    assert.equal(pems.length, 2);
    const ledger = join(data, 'ledger.jsonl');
    const signed = async (pem: string): Promise<boolean> =>
      (await readFile(ledger, 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { head?: string }).head)
        .some((note) => note !== undefined && openCheckpoint(note, parseVerifyKey(pem, 'key')));
    await until(
      'both keys signed a head',
      async () => {
        await rm(ledger, { force: true });
        await command(['governance', 'ledger', 'export', ledger]);
        return (await Promise.all(pems.map(signed))).every(Boolean);
      },
      20_000,
    );
    const keys: string[] = [];
    for (const [index, pem] of pems.entries()) {
      const file = join(data, `${index}.pem`);
      await writeFile(file, pem);
      keys.push('--key', file);
    }
    assert.match(await command(['governance', 'ledger', 'verify', ledger, ...keys]), /is good/);
  });
});
