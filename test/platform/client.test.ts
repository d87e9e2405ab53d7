import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { ProblemError, TidewaiterClient } from '../../src/client/index.ts';
import { projectRoot } from '../needs.ts';
import { currentClient } from './current-client.ts';
import { Client, newDataFolder, removeDataFolder, startServing, type Serving } from './serving.ts';

const password = 'seven tides at the quiet pier';

describe('the typed client', () => {
  const data = newDataFolder();
  let serving: Serving | undefined;
  after(async () => {
    await serving?.stop();
    removeDataFolder(data);
  });

  test('is made from the routes as they are', async () => {
    const written = readFileSync(join(projectRoot, 'src/client/operations.ts'), 'utf8');
    assert.equal(written, await currentClient(), 'run: node scripts/write-client.ts');
  });

  test('calls the API with a token, and throws what the server refuses', async () => {
    serving = await startServing(data);
    const person = new Client(serving.url);
    const account = { login: 'admin', name: 'Administrator', password };
    await person.call('POST', '/first-run', { code: serving.firstRunCode, ...account });
    await person.enrol('admin', password);
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const made = await person.call('POST', '/tokens', {
      name: 't',
      scopes: ['read', 'write', 'settings', 'upload'],
      expiresAt,
    });
    const client = new TidewaiterClient({ url: serving.url, token: String(made.body['token']) });

    await client.call('createSite', { body: { id: 'pier', name: 'Pier', timeZone: 'UTC' } });
    const { body: opened, etag } = await client.call('openCase', {
      body: { site: 'pier', use: 'redaction', title: 'A case & more' },
    });
    const { body: changed } = await client.call('changeCase', {
      params: { id: opened.id },
      body: { title: 'Another title' },
      ifMatch: etag ?? '',
    });
    assert.deepEqual([changed.title, changed.version], ['Another title', 2]);
    const bytes = new Blob(['some bytes']);
    const { body: asset } = await client.call('uploadAsset', {
      params: { id: opened.id },
      query: { name: 'notes & more.bin' },
      bytes,
    });
    const content = await client.fetch('readAsset', { params: { id: asset.id } });
    assert.equal(await content.text(), 'some bytes');
    const { body: page } = await client.call('listCases', { query: { limit: 1 } });
    assert.deepEqual([page.items.length, page.next], [1, undefined]);
    await assert.rejects(
      client.call('changeCase', {
        params: { id: opened.id },
        body: { title: 'Too late' },
        ifMatch: etag ?? '',
      }),
      (error) =>
        error instanceof ProblemError && error.problem.code === 'E_CHANGED' && error.problem.status === 412,
    );
  });
});
