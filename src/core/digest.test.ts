import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sha256, sha256File } from './digest.ts';

// FIPS 180-4 examples: the empty message, "abc", and a million times "a".
const known = [
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
] as const;

test('digests are those of the standard, of bytes and of files', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'tidewaiter-digest-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [index, [text, digest]] of known.entries()) {
    assert.equal(sha256(text), digest);
    assert.equal(sha256(Buffer.from(text)), digest);
    const path = join(folder, `${index}`);
    await writeFile(path, text);
    assert.equal(await sha256File(path), digest);
  }
});

test('a file larger than a block has the digest of its bytes', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'tidewaiter-digest-'));
  t.after(() => rm(folder, { recursive: true }));
  const bytes = Buffer.alloc((1 << 20) + 7, 'tidewaiter');
  await writeFile(join(folder, 'large'), bytes);
  assert.equal(await sha256File(join(folder, 'large')), sha256(bytes));
});

test('a file that is not there is refused by the system', async () => {
  await assert.rejects(sha256File('/nowhere/to/be/found'), { code: 'ENOENT' });
});
