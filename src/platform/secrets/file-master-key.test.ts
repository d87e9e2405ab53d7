import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, chownSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { testFolder } from '../../../test/platform/vault-parts.ts';
import { masterKeyFile, openMasterKey } from './file-master-key.ts';
import type { MasterKey } from './master-key.ts';
import { wrappingKey, wrapWith } from './wrap.ts';

const secret = Buffer.from('secret');

async function opens(key: MasterKey, wrapped: Buffer): Promise<boolean> {
  return (await key.unwrap(wrapped, 'a')).equals(secret);
}

describe('the file of the master key', () => {
  test('is made once, for its owner alone, and holds 32 random bytes', async () => {
    const folder = join(testFolder(), 'new', 'data');
    const keys = await Promise.all(Array.from({ length: 8 }, () => openMasterKey(folder)));
    const [first] = keys;
    assert.ok(first !== undefined);
    const wrapped = await first.wrap(secret, 'a');
    for (const key of keys) assert.ok(await opens(key, wrapped), 'all of them took the same key');
    const path = masterKeyFile(folder);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(folder), ['master-keys.json'], 'no draft is left');
    const { keys: kept } = JSON.parse(readFileSync(path, 'utf8'));
    assert.equal(kept.length, 1);
    assert.equal(Buffer.from(kept[0].key, 'base64').length, 32);
    const before = readFileSync(path);
    await openMasterKey(folder);
    assert.deepEqual(readFileSync(path), before);
  });

  test('is refused when others may read or change it', async () => {
    const folder = testFolder();
    await openMasterKey(folder);
    for (const mode of [0o640, 0o604, 0o620, 0o602, 0o610]) {
      chmodSync(masterKeyFile(folder), mode);
      await assert.rejects(openMasterKey(folder), { code: 'E_MASTER_KEY', message: /by others/ });
    }
    chmodSync(masterKeyFile(folder), 0o400);
    await openMasterKey(folder);
  });

  test('that belongs to somebody else is refused', async (t) => {
    if (process.getuid?.() !== 0) return t.skip('needs root, to give a file away');
    const folder = testFolder();
    await openMasterKey(folder);
    const path = masterKeyFile(folder);
    chmodSync(folder, 0o711);
    chownSync(path, 12345, 12345);
    await openMasterKey(folder);
    const entry = new URL('./key-file.ts', import.meta.url).href;
    // Who may read every file, but is neither root nor the owner.
    const code = `const { readKeyFile } = await import(${JSON.stringify(entry)});
      await readKeyFile(${JSON.stringify(path)}).then(() => console.log('read'), (error) => console.log(error.code, error.message));`;
    const { stdout } = await promisify(execFile)('setpriv', [
      ...['--reuid', '54321', '--inh-caps', '+dac_override', '--ambient-caps', '+dac_override'],
      ...[process.execPath, '--input-type=module', '-e', code],
    ]);
    assert.match(stdout, /^E_MASTER_KEY .*owner 12345/);
  });

  test('that is damaged is refused, and not replaced by a new one', async () => {
    const folder = testFolder();
    for (const text of ['', '{}', 'x'.repeat(100), '{"format":"tidewaiter-master-keys-1","keys":[]}']) {
      writeFileSync(masterKeyFile(folder), text, { mode: 0o600 });
      await assert.rejects(openMasterKey(folder), { code: 'E_MASTER_KEY' });
      assert.equal(readFileSync(masterKeyFile(folder), 'utf8'), text);
    }
  });
});

describe('the rotation of the master key', () => {
  test('wraps with the new key and opens what older ones wrapped', async () => {
    const folder = testFolder();
    const key = await openMasterKey(folder);
    const old = await key.wrap(secret, 'a');
    assert.ok(key.isCurrent(old));
    await key.rotate();
    assert.ok(!key.isCurrent(old));
    const fresh = await key.wrap(secret, 'a');
    assert.ok(key.isCurrent(fresh));
    assert.notDeepEqual(old.subarray(0, 9), fresh.subarray(0, 9));
    for (const wrapped of [old, fresh]) {
      assert.ok(await opens(key, wrapped));
      assert.ok(await opens(await openMasterKey(folder), wrapped));
    }
    assert.equal(statSync(masterKeyFile(folder)).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ['master-keys.json']);
  });

  test('is seen by others that have the file open', async () => {
    const folder = testFolder();
    const [one, other] = await Promise.all([openMasterKey(folder), openMasterKey(folder)]);
    await one.rotate();
    const byOther = await other.wrap(secret, 'a');
    assert.ok(one.isCurrent(byOther), 'nothing is wrapped with the old key any more');
    await other.rotate();
    assert.ok(await opens(one, await other.wrap(secret, 'a')));
  });

  test('of several at once loses no key', async () => {
    const folder = testFolder();
    const keys = await Promise.all(Array.from({ length: 6 }, () => openMasterKey(folder)));
    const results = await Promise.allSettled(
      keys.map(async (key) => {
        await key.rotate();
        return key.wrap(secret, 'a');
      }),
    );
    const wrapped = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    assert.ok(wrapped.length >= 1);
    for (const { reason } of results.filter((result) => result.status === 'rejected')) {
      assert.equal((reason as { code: string }).code, 'E_MASTER_KEY');
    }
    const key = await openMasterKey(folder);
    for (const each of wrapped) assert.ok(await opens(key, each));
  });

  test('that was broken off is named, and does no harm', async () => {
    const folder = testFolder();
    const key = await openMasterKey(folder);
    writeFileSync(`${masterKeyFile(folder)}.new`, 'half', { mode: 0o600 });
    await assert.rejects(key.rotate(), { code: 'E_MASTER_KEY', message: /\.new exists/ });
    assert.ok(await opens(await openMasterKey(folder), await key.wrap(secret, 'a')));
  });

  test('on another machine is told from damage', async () => {
    const key = await openMasterKey(testFolder());
    const elsewhere = wrapWith(wrappingKey(Buffer.alloc(32, 7)), secret, 'a');
    await assert.rejects(key.unwrap(elsewhere, 'a'), { code: 'E_MASTER_KEY', message: /is not in/ });
    await assert.rejects(key.unwrap(Buffer.from('nonsense'), 'a'), { code: 'E_SECRET_DAMAGED' });
  });
});
