import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { killed, until } from '../attack/redactions.ts';
import { Client, newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';
import { answer, pieceHeaders, Sender } from './office.ts';

const data = newDataFolder();
let serving: Serving | undefined;
after(async () => {
  await serving?.stop();
  removeDataFolder(data);
});

const password = 'seven tides at the quiet pier';
const MIB = 1 << 20;

/** Files of the vault, by size. */
function files(folder: string): number[] {
  return readdirSync(join(data, 'vault', folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => statSync(join(parentPath, name)).size);
}

describe('an upload in pieces', () => {
  test('outlives a server that is killed, and one that stops, with whoever began it and nobody else', async () => {
    serving = await startServing(data);
    const admin = new Client(serving.url);
    const first = { code: serving.firstRunCode, login: 'first-admin', name: 'First', password };
    await admin.call('POST', '/first-run', first);
    await admin.enrol('first-admin', password);
    await admin.call('POST', '/sites', { id: 'pier', name: 'Pier', timeZone: 'UTC' });
    const tokens: string[] = [];
    let leaving = '';
    for (const login of ['clerk', 'colleague', 'leaver']) {
      const { body } = await admin.call('POST', '/people', { login, name: login, password });
      const id = String(body['id']);
      const granted = await admin.call('POST', `/people/${id}/grants`, { site: 'pier', role: 'officer' });
      assert.ok(granted.status < 300, JSON.stringify(granted.body));
      const client = new Client(serving.url);
      await client.enrol(login, password);
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      const scopes = ['read', 'write', 'upload'];
      const made = await client.call('POST', '/tokens', { name: 'a program', scopes, expiresAt });
      tokens.push(String(made.body['token']));
      leaving = id;
    }
    const senders = (): Sender[] =>
      tokens.map((token) => new Sender(Number(new URL(serving?.url ?? '').port), token));
    const opened = await admin.call('POST', '/cases', { site: 'pier', use: 'redaction', title: 'A case' });
    const caseId = String(opened.body['id']);

    const bytes = randomBytes(40 * MIB + 12_345);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    let [clerk, colleague, leaver] = senders() as [Sender, Sender, Sender];
    const path = await clerk.begin(caseId, bytes.length, 'yard.mp4');
    const left = await leaver.begin(caseId, 10);
    const offsetOf = async (): Promise<number> =>
      Number((await clerk.call('HEAD', path)).headers['upload-offset']);

    // Killed right after an answer: what it acknowledged is there, to the byte.
    let told = await clerk.piece(path, 0, bytes.subarray(0, 1_000_003));
    assert.deepEqual([told.status, told.headers['upload-offset']], [204, '1000003']);
    const taken = await admin.call('DELETE', `/people/${leaving}/grants`, { site: 'pier', role: 'officer' });
    assert.equal(taken.status, 204);
    await killed(serving.process);
    serving = await startServing(data);
    [clerk] = senders() as [Sender];
    const asked = await clerk.call('HEAD', path);
    assert.deepEqual(
      [asked.status, asked.headers['upload-offset'], asked.headers['upload-length']],
      [200, '1000003', String(bytes.length)],
    );

    // Killed in the middle of a piece: whole chunks that it had taken are there too.
    let sent = clerk.open('PATCH', path, {
      ...pieceHeaders(1_000_003),
      'content-length': bytes.length - 1_000_003,
    });
    sent.on('error', () => undefined);
    if (!sent.write(bytes.subarray(1_000_003, 20 * MIB))) await once(sent, 'drain');
    await until(async () => (await offsetOf()) > 10 * MIB, 'half of it was taken');
    const acknowledged = await offsetOf();
    await killed(serving.process);
    serving = await startServing(data);
    [clerk, colleague, leaver] = senders() as [Sender, Sender, Sender];
    let offset = await offsetOf();
    assert.ok(offset >= acknowledged && offset <= 20 * MIB, `${acknowledged} ${offset}`);

    // Nobody else, and not who lost the role meanwhile.
    for (const method of ['HEAD', 'DELETE']) assert.equal((await colleague.call(method, path)).status, 404);
    assert.equal((await colleague.piece(path, offset, Buffer.alloc(10))).status, 404);
    assert.equal((await leaver.call('HEAD', left)).status, 404);
    assert.equal((await leaver.piece(left, 0, Buffer.alloc(10))).status, 404);

    // Stopped in the middle of a piece.
    sent = clerk.open('PATCH', path, { ...pieceHeaders(offset), 'content-length': bytes.length - offset });
    const cut = answer(sent).then(
      ({ status }) => status,
      () => 503,
    );
    if (!sent.write(bytes.subarray(offset, 30 * MIB))) await once(sent, 'drain');
    await until(async () => (await offsetOf()) > 25 * MIB, 'more of it was taken');
    assert.equal(await serving.stop(), 143);
    assert.equal(await cut, 503);
    serving = await startServing(data);
    [clerk] = senders() as [Sender];
    offset = await offsetOf();
    assert.ok(offset > 25 * MIB && offset <= 30 * MIB, String(offset));

    told = await clerk.piece(path, offset, bytes.subarray(offset));
    assert.equal(told.status, 204, told.text);
    const id = String(told.headers['tidewaiter-asset']);
    const authorization = `Bearer ${tokens[0]}`;
    const get = (of: string): Promise<Response> =>
      fetch(`${serving?.url}/api/v1/assets/${id}${of}`, { headers: { authorization } });
    const asset = (await (await get('')).json()) as Record<string, unknown>;
    assert.deepEqual([asset['name'], asset['bytes'], asset['sha256']], ['yard.mp4', bytes.length, sha256]);
    assert.ok(bytes.equals(new Uint8Array(await (await get('/content')).arrayBuffer())));
    const sealed = bytes.length + 16 * Math.ceil(bytes.length / (256 * 1024));
    assert.deepEqual(
      files('').filter((size) => size > 10 * MIB),
      [sealed],
      'it is there once',
    );
    assert.deepEqual(files('drafts'), [0], 'of the one that was not gone on with');
  });
});
