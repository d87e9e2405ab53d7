import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { after, describe, test } from 'node:test';
import { ask } from '../attack/house.ts';
import { killed, until } from '../attack/redactions.ts';
import { signedIn } from '../attack/writers.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';
import { startBucket } from './bucket.ts';

describe('a server whose vault is a bucket', async () => {
  const bucket = await startBucket();
  const data = newDataFolder();
  let serving: Serving | undefined;
  after(async () => {
    await serving?.stop();
    removeDataFolder(data);
  });

  test('and that is killed in the middle of an upload has nothing of it afterwards, and takes it then', async () => {
    serving = await startServing(data, bucket.environment);
    const headers = await signedIn(serving);
    const body = { site: 'pier', use: 'redaction', title: 'A case' };
    const made = await ask(serving, { method: 'POST', path: '/api/v1/cases', body, headers });
    const { id } = JSON.parse(made.text) as { id: string };
    const assets = `/api/v1/cases/${id}/assets`;
    // Parts have eight.
    const bytes = randomBytes(36 << 20);
    const octets = { ...headers, 'content-type': 'application/octet-stream' };

    // Half of it comes, and then nothing, so that the end is no race.
    const half = bytes.subarray(0, bytes.length / 2 + 1);
    const sending = request(`${serving.url}${assets}?name=long.bin`, {
      method: 'POST',
      headers: { ...octets, 'content-length': bytes.length },
    });
    const broken = once(sending, 'response').then(
      () => assert.fail('half a file was answered'),
      (error: NodeJS.ErrnoException) => error.code,
    );
    sending.write(half);
    await until(() => bucket.files().length > 0, 'a part of it is in the bucket');
    await killed(serving.process);
    assert.equal(await broken, 'ECONNRESET');

    serving = await startServing(data, bucket.environment);
    const listed = await ask(serving, { path: assets, headers });
    assert.deepEqual((JSON.parse(listed.text) as { items: unknown[] }).items, []);
    assert.ok(
      bucket.files().every((name) => /^\d+$/.test(name)),
      'nothing looks whole',
    );
    const again = await fetch(`${serving.url}${assets}?name=long.bin`, {
      method: 'POST',
      headers: octets,
      body: bytes,
    });
    assert.equal(again.status, 201);
    const asset = (await again.json()) as { id: string };
    const content = await fetch(`${serving.url}/api/v1/assets/${asset.id}/content`, { headers });
    assert.ok(Buffer.from(await content.arrayBuffer()).equals(bytes));
  });
});
