import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client, newDataFolder, removeDataFolder, startServing, type Serving } from './serving.ts';

const password = 'seven tides at the quiet pier';
const photograph = fileURLToPath(
  new URL('../../node_modules/@vladmandic/face-api/demo/sample2.jpg', import.meta.url),
);

describe('the platform', () => {
  const data = newDataFolder();
  const servers: Serving[] = [];
  after(async () => {
    for (const server of servers) await server.stop();
    removeDataFolder(data);
  });

  test('takes a photograph from the first sign-in to a redacted output with its record', async () => {
    const serving = await startServing(data);
    servers.push(serving);
    const client = new Client(serving.url);
    assert.equal((await client.call('GET', '/cases')).status, 401);
    const person = { login: 'first-admin', name: 'First administrator', password };
    const wrong = await client.call('POST', '/first-run', { code: 'AAAA-BBBB-CCCC-DDDD', ...person });
    assert.deepEqual([wrong.status, wrong.body['code']], [403, 'E_FIRST_RUN']);
    const claimed = await client.call('POST', '/first-run', { code: serving.firstRunCode, ...person });
    assert.equal(claimed.status, 201, JSON.stringify(claimed.body));
    const signedIn = await client.call('POST', '/session', { login: person.login, password });
    assert.deepEqual([signedIn.status, signedIn.body['state']], [201, 'enrol']);
    assert.equal((await client.call('GET', '/cases')).status, 401, 'a second factor comes first');
    await client.enrol(person.login, password);
    assert.equal((await client.call('GET', '/session')).body['state'], 'open');

    const site = { id: 'pier', name: 'Pier', timeZone: 'America/New_York' };
    assert.equal((await client.call('POST', '/sites', site)).status, 201);
    const opened = await client.call('POST', '/cases', {
      site: 'pier',
      use: 'redaction',
      title: 'Request 1',
    });
    assert.equal(opened.status, 201);
    const { id: caseId } = opened.body;
    const bytes = readFileSync(photograph);
    const uploaded = await client.raw('POST', `/cases/${String(caseId)}/assets?name=yard.jpg`, {
      body: bytes,
      headers: { 'content-type': 'application/octet-stream' },
    });
    assert.equal(uploaded.status, 201);
    const asset = (await uploaded.json()) as { id: string; sha256: string; bytes: number };
    assert.equal(asset.sha256, createHash('sha256').update(bytes).digest('hex'));
    const part = await client.raw('GET', `/assets/${asset.id}/content`, {
      headers: { range: 'bytes=100-299' },
    });
    assert.equal(part.status, 206);
    assert.equal(part.headers.get('content-range'), `bytes 100-299/${bytes.length}`);
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), bytes.subarray(100, 300));

    const started = await client.call('POST', '/redaction/jobs', { asset: asset.id, profile: 'fast' });
    assert.equal(started.status, 202);
    const events = await client.raw('GET', `/jobs/${String(started.body['job'])}/events`);
    assert.equal(events.headers.get('content-type'), 'text/event-stream');
    const told = (await events.text())
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map(
        (line) =>
          JSON.parse(line.slice(6)) as { state: string; result: Record<string, string>; error: unknown },
      );
    const last = told.at(-1);
    assert.equal(last?.state, 'done', JSON.stringify(last?.error));
    const content = async (id: string | undefined): Promise<Buffer> =>
      Buffer.from(await (await client.raw('GET', `/assets/${id}/content`)).arrayBuffer());
    const output = await content(last.result['output']);
    assert.equal(output.subarray(0, 3).toString('hex'), 'ffd8ff');
    const record = JSON.parse((await content(last.result['record'])).toString()) as {
      output: { sha256: string };
      source: { sha256: string };
    };
    assert.equal(record.output.sha256, createHash('sha256').update(output).digest('hex'));
    assert.equal(record.source.sha256, asset.sha256);
    assert.equal(await serving.stop(), 143);

    const again = await startServing(data);
    servers.push(again);
    assert.equal(again.firstRunCode, undefined);
    const stranger = await new Client(again.url).call('GET', '/session');
    assert.equal(stranger.body['state'], 'none');
    assert.equal(await again.stop(), 143);
  });
});
