import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { tidewaiter } from '../platform/ops/cli.ts';
import { listing, testCache } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-reports-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('the library that runs models keeps no identity of the machine, and nothing to send', async () => {
  const [home, caches, temporary] = ['home', 'caches', 'temporary'].map((name) => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  }) as [string, string, string];
  const picture = join(folder, 'grey.png');
  await sharp({ create: { width: 64, height: 48, channels: 3, background: 'grey' } }).toFile(picture);
  const env = {
    ...{ HOME: home, XDG_CACHE_HOME: caches, TMPDIR: temporary, TIDEWAITER_CACHE: testCache },
    // With either of these the library is silent by itself.
    ...{ CI: undefined, ORT_DISABLE_TELEMETRY: undefined },
  };
  const words = ['redact', picture, '-o', join(folder, 'out'), '--profile', 'fast', '--alone'];
  const { code, stderr } = await tidewaiter(join(folder, 'data'), words, { env });
  assert.equal(code, 0, stderr);
  assert.deepEqual([home, caches, temporary].map(listing), [[], [], []]);
});
