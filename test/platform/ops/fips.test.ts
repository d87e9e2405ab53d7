import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Client, newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';
import { tidewaiter } from './cli.ts';

const password = 'seven tides at the quiet pier';

describe('switching to the FIPS profile', () => {
  const data = newDataFolder();
  const servers: Serving[] = [];
  after(async () => {
    for (const server of servers) await server.stop();
    removeDataFolder(data);
  });

  test('tells people whose password is from before what to do, and the administrator who they are', async () => {
    const fips = { TIDEWAITER_CRYPTOGRAPHY: 'fips' };
    const made = await tidewaiter(data, ['user', 'add', 'early', '--name', 'Early'], { input: password });
    assert.equal(made.code, 0, made.stderr);
    const serving = await startServing(data, fips);
    servers.push(serving);
    const signIn = async (login: string): Promise<Record<string, unknown>> =>
      (await new Client(serving.url).call('POST', '/session', { login, password })).body;
    const refused = await signIn('early');
    assert.equal(refused['code'], 'E_SIGN_IN');
    assert.match(String(refused['remedy']), /before the FIPS profile .*tidewaiter user reset-password/);
    const told = ({ request: _, ...rest }: Record<string, unknown>): object => rest;
    assert.deepEqual(told(await signIn('nobody-at-all')), told(refused), 'it does not tell who exists');

    const passwords = async (): Promise<{ state: string; found: string } | undefined> => {
      const { stdout } = await tidewaiter(data, ['doctor', '--json'], { env: fips });
      const checks = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { what: string; state: string; found: string });
      return checks.find(({ what }) => what === 'passwords');
    };
    const before = await passwords();
    assert.equal(before?.state, 'warn');
    assert.match(before?.found ?? '', /: early$/);
    const reset = await tidewaiter(data, ['user', 'reset-password', 'early'], { input: password, env: fips });
    assert.equal(reset.code, 0, reset.stderr);
    assert.equal((await signIn('early'))['state'], 'enrol');
    assert.equal((await passwords())?.state, 'ok');
  });
});
