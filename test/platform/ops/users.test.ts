import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { joinEmbedded } from '../../../src/platform/embedded/join.ts';
import { openDatabase } from '../../../src/platform/store/database.ts';
import { Client, newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';
import { tidewaiter } from './cli.ts';

const password = 'seven tides at the quiet pier';
const next = 'eight tides at the quiet pier';

describe('the commands for accounts', () => {
  const data = newDataFolder();
  const servers: Serving[] = [];
  after(async () => {
    for (const server of servers) await server.stop();
    removeDataFolder(data);
  });

  test('make a first administrator without a server, and help people while one runs', async () => {
    const add = ['user', 'add', 'clerk', '--name', 'FOIA clerk'];
    const clerk = await tidewaiter(data, [...add, '--site', '*', '--role', 'admin'], {
      input: `${password}\n`,
    });
    assert.equal(clerk.code, 0, clerk.stderr);
    assert.match(clerk.stdout, /^clerk has an account\. .*authenticator app/);
    assert.ok(!existsSync(join(data, 'database', 'owner.lock')), 'the database was for the moment');

    const serving = await startServing(data);
    servers.push(serving);
    assert.equal(serving.firstRunCode, undefined);
    const client = new Client(serving.url);
    const { body } = await client.call('POST', '/session', { login: 'clerk', password });
    assert.equal(body['state'], 'enrol');
    await client.enrol('clerk', password);
    assert.equal((await client.call('GET', '/people')).status, 200);

    const granted = await tidewaiter(data, ['user', 'grant', 'clerk', '--site', '*', '--role', 'supervisor']);
    assert.equal(granted.stdout, 'clerk is supervisor at every site.\n', granted.stderr);
    const made = await tidewaiter(data, [
      ...['token', 'create', '--login', 'clerk', '--name', 'import'],
      ...['--scope', 'read', '--scope', 'write', '--days', '90'],
    ]);
    assert.match(made.stdout, /^tw_\S+\n$/, made.stderr);
    const program = new Client(serving.url);
    program.token = made.stdout.trim();
    assert.equal((await program.call('GET', '/cases')).status, 200);

    const reset = await tidewaiter(data, ['user', 'reset-password', 'clerk'], { input: next });
    assert.equal(reset.code, 0, reset.stderr);
    assert.equal((await client.call('GET', '/people')).status, 401, 'all sessions ended');
    assert.equal((await client.call('POST', '/session', { login: 'clerk', password })).status, 401);
    const known = await client.call('POST', '/session', { login: 'clerk', password: next });
    assert.equal(known.body['state'], 'second-factor');
    assert.equal((await tidewaiter(data, ['user', 'reset-second-factor', 'clerk'])).code, 0);
    const anew = await client.call('POST', '/session', { login: 'clerk', password: next });
    assert.equal(anew.body['state'], 'enrol');
    await client.enrol('clerk', next);
    const kinds = await ledgerKinds(data);
    for (const kind of ['created', 'role-given', 'password-reset', 'second-factor-reset'])
      assert.ok(kinds.includes(`person.${kind}`), `${kind} is in ${kinds.join()}`);
    assert.ok(kinds.includes('token.created'));
  });

  test('say what is wrong and change nothing', async () => {
    const refused = async (words: readonly string[], error: RegExp, input = ''): Promise<void> => {
      const { code, stdout, stderr } = await tidewaiter(data, words, { input });
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, error);
    };
    const bob = ['user', 'add', 'bob', '--name', 'Bob'];
    await refused(bob, /^E_PASSWORD: There is no password on standard input/);
    await refused([...bob, '--role', 'admin'], /^E_OPTION: .*--site and --role go together/);
    await refused([...bob, '--site', 'nowhere', '--role', 'admin'], /^E_SITE_UNKNOWN/, password);
    await refused(['user', 'grant', 'bob', '--site', '*', '--role', 'admin'], /^E_PERSON_UNKNOWN/);
    await refused(['user', 'add', 'clerk', '--name', 'Clerk'], /^E_LOGIN_TAKEN/, password);
    await refused(['token', 'create', '--login', 'clerk', '--name', 'x'], /^E_OPTION: --scope/);
    await refused(['user'], /^E_USAGE/);
  });
});

/** Of what happened so far, whether it has its place already or not. */
async function ledgerKinds(data: string): Promise<string[]> {
  const connection = await joinEmbedded(join(data, 'database'));
  assert.ok(connection !== undefined);
  const db = openDatabase(connection, () => undefined);
  try {
    const placed = await db.selectFrom('ledger').select('event').execute();
    const waiting = await db.selectFrom('ledger_outbox').select('event').execute();
    return [...placed, ...waiting].map(({ event }) => (event as { kind: string }).kind);
  } finally {
    await db.destroy();
  }
}
