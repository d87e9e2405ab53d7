import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectS3 } from '../../../src/platform/vault/s3/connect.ts';
import { s3Store } from '../../../src/platform/vault/s3/s3-store.ts';
import { startBucket } from './bucket.ts';

const source = (path: string): string =>
  JSON.stringify(new URL(`../../../src/${path}`, import.meta.url).href);

test('a process that is killed while it stores leaves nothing that looks whole, and the sweep removes the rest', async () => {
  const bucket = await startBucket();
  const store = s3Store(await connectS3(bucket.settings, 50e9));
  const code = `
    const { connectS3 } = await import(${source('platform/vault/s3/connect.ts')});
    const { s3Store } = await import(${source('platform/vault/s3/s3-store.ts')});
    async function* endless() { for (;;) yield Buffer.alloc(1 << 20); }
    const store = s3Store(await connectS3(${JSON.stringify(bucket.settings)}, 50e9));
    await store.put('a'.repeat(32), endless());`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' });
  const gone = once(child, 'exit');
  while (child.exitCode === null && bucket.files().length < 2) await sleep(20);
  assert.ok(child.kill('SIGKILL'));
  await gone;
  for await (const { name } of store.list()) assert.fail(`${name} looks whole`);
  assert.equal(await store.open('a'.repeat(32), { start: 0 }), undefined);
  assert.equal(await store.removeUnfinished(new Date(Date.now() - 60_000)), 0, 'it may still be written');
  assert.equal(await store.removeUnfinished(new Date(Date.now() + 60_000)), 1);
  assert.deepEqual(bucket.files(), []);
});
