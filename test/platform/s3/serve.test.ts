import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';
import { startBucket } from './bucket.ts';

const login = 'first-admin';
const password = 'seven tides at the quiet pier';
const octets = { 'content-type': 'application/octet-stream' };
const photograph = readFileSync(
  fileURLToPath(new URL('../../../node_modules/@vladmandic/face-api/demo/sample2.jpg', import.meta.url)),
);

describe('a server whose vault is a bucket', async () => {
  const bucket = await startBucket();
  const data = newDataFolder();
  const servers: Serving[] = [];
  after(async () => {
    for (const server of servers) await server.stop();
    removeDataFolder(data);
  });
  let [client, caseId, large]: [Client | undefined, string, string] = [undefined, '', ''];
  /** Takes several parts. */
  const bytes = randomBytes((25 << 20) + 7);
  const ask = (): Client => client ?? assert.fail('nobody signed in');
  const upload = (name: string, body: Uint8Array<ArrayBuffer>): Promise<Response> =>
    ask().raw('POST', `/cases/${caseId}/assets?name=${name}`, { body, headers: octets });
  const content = (id: string, range?: string): Promise<Response> =>
    ask().raw('GET', `/assets/${id}/content`, { headers: range === undefined ? {} : { range } });

  test('takes what is uploaded, and gives it back whole and in ranges', async () => {
    const serving = await startServing(data, bucket.environment);
    servers.push(serving);
    client = new Client(serving.url);
    const person = { code: serving.firstRunCode, login, name: 'First administrator', password };
    await client.call('POST', '/first-run', person);
    await client.enrol(login, password);
    await client.call('POST', '/sites', { id: 'pier', name: 'Pier', timeZone: 'America/New_York' });
    const opened = await client.call('POST', '/cases', {
      site: 'pier',
      use: 'redaction',
      title: 'Request 1',
    });
    caseId = String(opened.body['id']);
    const uploaded = await upload('long.bin', bytes);
    assert.equal(uploaded.status, 201, await uploaded.clone().text());
    ({ id: large } = (await uploaded.json()) as { id: string });
    assert.ok(Buffer.from(await (await content(large)).arrayBuffer()).equals(bytes));
    for (const [start, end] of [
      [0, 9],
      [300_000, 11_000_000],
      [bytes.length - 5, bytes.length - 1],
    ] as const) {
      const part = await content(large, `bytes=${start}-${end}`);
      assert.equal(part.status, 206);
      assert.ok(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(start, end + 1)));
    }
    assert.equal(bucket.files().length, 1);
    assert.ok(!existsSync(join(data, 'vault')), 'nothing lies in the data folder');
  });

  test('says so while the bucket is away, loses nothing, and goes on when it is back', async () => {
    const taken = await upload('yard.jpg', photograph);
    const { id, mediaType } = (await taken.json()) as { id: string; mediaType: string };
    assert.equal(mediaType, 'image/jpeg');
    await bucket.goAway();
    for (const answer of [await upload('other.jpg', photograph), await content(large)]) {
      assert.equal(answer.status, 503);
      const { code, title } = (await answer.json()) as Record<string, string>;
      assert.equal(code, 'E_OBJECTS_UNREACHABLE');
      assert.ok(!title?.includes('127.0.0.1'), 'callers do not learn where it is');
    }
    const listed = await ask().call('GET', `/cases/${caseId}/assets`);
    assert.equal((listed.body['items'] as unknown[]).length, 2, 'what the database knows is there');
    const started = await ask().call('POST', '/redaction/jobs', { asset: id, profile: 'fast' });
    assert.equal(started.status, 202);
    await sleep(1000);
    await bucket.comeBack();
    assert.ok(Buffer.from(await (await content(large)).arrayBuffer()).equals(bytes));
    const events = await (await ask().raw('GET', `/jobs/${String(started.body['job'])}/events`)).text();
    const last = events.split('\n').findLast((line) => line.startsWith('data: ')) ?? '';
    const job = JSON.parse(last.slice(6)) as {
      state: string;
      result: Record<string, string>;
      error: unknown;
    };
    assert.equal(job.state, 'done', JSON.stringify(job.error));
    const output = Buffer.from(await (await content(job.result['output'] ?? '')).arrayBuffer());
    assert.equal(output.subarray(0, 3).toString('hex'), 'ffd8ff');
  });
});
