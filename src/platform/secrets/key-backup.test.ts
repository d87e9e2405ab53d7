import assert from 'node:assert/strict';
import { createDecipheriv, pbkdf2Sync } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { testFolder } from '../../../test/platform/vault-parts.ts';
import { masterKeyFile, openMasterKey } from './file-master-key.ts';
import { exportMasterKeys, importMasterKeys } from './key-backup.ts';

const passphrase = 'correct horse battery staple';
const secret = Buffer.from('secret');

describe('a backup of the master keys', () => {
  test('brings all of them back on another machine', async () => {
    const folder = testFolder();
    const key = await openMasterKey(folder);
    const old = await key.wrap(secret, 'a');
    await key.rotate();
    const fresh = await key.wrap(secret, 'a');
    const text = await exportMasterKeys(folder, passphrase);

    const restored = join(testFolder(), 'data');
    assert.equal(await importMasterKeys(restored, text, passphrase), 2);
    assert.equal(statSync(masterKeyFile(restored)).mode & 0o777, 0o600);
    const again = await openMasterKey(restored);
    assert.deepEqual(await again.unwrap(old, 'a'), secret);
    assert.deepEqual(await again.unwrap(fresh, 'a'), secret);
    assert.ok(again.isCurrent(fresh));
    assert.equal(await importMasterKeys(restored, text, passphrase), 0);
    assert.deepEqual(readFileSync(masterKeyFile(restored)), readFileSync(masterKeyFile(folder)));
  });

  test('is added to the keys of a machine that has some', async () => {
    const folder = testFolder();
    const wrapped = await (await openMasterKey(folder)).wrap(secret, 'a');
    const other = testFolder();
    const own = await (await openMasterKey(other)).wrap(secret, 'a');
    assert.equal(await importMasterKeys(other, await exportMasterKeys(folder, passphrase), passphrase), 1);
    const key = await openMasterKey(other);
    assert.deepEqual(await key.unwrap(wrapped, 'a'), secret);
    assert.ok(key.isCurrent(own), 'its own key goes on wrapping');
  });

  test('shows nothing without the passphrase, and all with it, by PBKDF2 and AES-GCM alone', async () => {
    const folder = testFolder();
    await openMasterKey(folder);
    const file = readFileSync(masterKeyFile(folder), 'utf8');
    const text = await exportMasterKeys(folder, passphrase);
    const { keys } = JSON.parse(file);
    assert.ok(!text.includes(keys[0].key));

    const { sealed, ...header } = JSON.parse(text);
    const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');
    const key = pbkdf2Sync(passphrase, bytes(header.salt), header.iterations, 32, 'sha512');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes(header.nonce));
    const ordered = Object.fromEntries(Object.entries(header).sort());
    decipher.setAAD(Buffer.from(JSON.stringify(ordered))).setAuthTag(bytes(sealed).subarray(-16));
    const plain = decipher.update(bytes(sealed).subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
    assert.equal(plain, file);
  });

  test('is refused with a wrong passphrase, when changed, and when it is something else', async () => {
    const folder = testFolder();
    await openMasterKey(folder);
    const text = await exportMasterKeys(folder, passphrase);
    const restored = testFolder();
    const refused = (changed: string, phrase = passphrase): Promise<void> =>
      assert.rejects(importMasterKeys(restored, changed, phrase), { code: 'E_MASTER_KEY_BACKUP' });
    await refused(text, 'correct horse battery stable');
    await refused(text.replace('600000', '600001'));
    await refused(text.replace('600000', '1'));
    await refused(text.replace('600000', '999999999999'));
    await refused(
      text.replace(/"sealed": "./, (start) => start.slice(0, -1) + (start.endsWith('A') ? 'B' : 'A')),
    );
    await refused(text.replace(/"sealed": ".*"/, '"sealed": ""'));
    await refused('{}');
    await refused('');
    await assert.rejects(exportMasterKeys(folder, 'too short'), { code: 'E_MASTER_KEY_BACKUP' });
    await assert.rejects(exportMasterKeys(restored, passphrase), { code: 'E_MASTER_KEY' });
  });
});
