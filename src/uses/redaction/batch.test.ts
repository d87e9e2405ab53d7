import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { evaluationPermit } from '../../core/permit.ts';
import { redactBatch } from './batch.ts';

test('each file is taken once, in order, however it was named; hidden ones and outputs are not', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'tidewaiter-batch-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const evidence = join(dir, 'evidence');
  mkdirSync(join(evidence, 'b'), { recursive: true });
  mkdirSync(join(evidence, 'out'));
  // Text is refused at once, so that no model needs to run to see what was taken.
  for (const name of ['b/two.txt', 'a.txt', 'c.txt', '.hidden.txt', 'out/old.txt'])
    writeFileSync(join(evidence, name), 'text');
  const seen: string[] = [];
  const items = await redactBatch(
    {
      inputs: [evidence, join(evidence, 'a.txt'), join(evidence, 'b', '..', 'c.txt')],
      folder: join(evidence, 'out'),
      settings: { profile: 'fast' },
      engine: { permit: evaluationPermit, cacheDir: join(dir, 'cache'), threads: 1 },
    },
    ({ input }, index, count) => void seen.push(`${index + 1}/${count} ${input.slice(evidence.length + 1)}`),
  );
  assert.deepEqual(seen, ['1/3 a.txt', '2/3 b/two.txt', '3/3 c.txt']);
  for (const item of items) assert.ok(item.state === 'failed' && item.error.code === 'E_FORMAT');
});
