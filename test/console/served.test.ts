import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { serveConsole } from '../../src/server/console/serve-console.ts';

const script = 'export const one = 1;\n';

describe('the built console, as it is served', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-console-'));
  let server: FastifyInstance;
  let url: string;
  before(async () => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Console</title>');
    writeFileSync(join(folder, 'assets/main-abc.js'), script);
    writeFileSync(join(folder, 'assets/main-abc.js.gz'), gzipSync(script));
    writeFileSync(join(folder, '.sources'), 'secret of the build');
    server = fastify();
    serveConsole(server, folder);
    server.get('/api/v1/session', () => ({ state: 'none' }));
    url = await server.listen({ host: '127.0.0.1', port: 0 });
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  const html = { accept: 'text/html,application/xhtml+xml' };
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${url}${path}`, { headers });

  test('every address that a person opens gets the page, which is never kept and runs only its own files', async () => {
    for (const path of ['/', '/cases/1?state=open', '/index.html', '/no/such/place']) {
      const response = await get(path, html);
      assert.deepEqual([response.status, response.headers.get('cache-control')], [200, 'no-store'], path);
      assert.match(await response.text(), /<title>Console/);
      const policy = response.headers.get('content-security-policy') ?? '';
      assert.match(policy, /default-src 'none'/);
      assert.doesNotMatch(policy, /unsafe|https?:|data:|\*/);
    }
  });

  test('files with a name of their content are kept for good, compressed for who takes that', async () => {
    const packed = await get('/assets/main-abc.js', { 'accept-encoding': 'gzip' });
    assert.equal(packed.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.equal(packed.headers.get('content-encoding'), 'gzip');
    assert.equal(await packed.text(), script);
    const plain = await get('/assets/main-abc.js', { 'accept-encoding': 'identity' });
    assert.deepEqual([plain.headers.get('content-encoding'), await plain.text()], [null, script]);
    assert.equal(plain.headers.get('content-type'), 'text/javascript; charset=utf-8');
  });

  test('what belongs to the API, what no person opens and what is no file of the console is not there', async () => {
    for (const [path, headers] of [
      ['/api/v1/nothing', html],
      ['/api', html],
      ['/assets/gone-123.js', html],
      ['/cases', { accept: 'application/json' }],
      ['/.sources', {}],
      ['/assets/main-abc.js.gz', {}],
      ['/assets/../.sources', {}],
      ['/assets/%2e%2e/.sources', {}],
    ] as const)
      assert.equal((await get(path, headers)).status, 404, path);
    const post = await fetch(`${url}/cases`, { method: 'POST', headers: html });
    assert.equal(post.status, 404);
    assert.equal(
      (await get('/api/v1/session', html)).headers.get('content-type'),
      'application/json; charset=utf-8',
    );
  });

  test('nothing is served where nothing was built', async () => {
    const empty = fastify();
    serveConsole(empty, join(folder, 'assets'));
    const response = await empty.inject({ url: '/', headers: html });
    assert.equal(response.statusCode, 404);
    await empty.close();
  });
});
