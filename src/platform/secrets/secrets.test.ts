import assert from 'node:assert/strict';
import { sign, verify } from 'node:crypto';
import { describe, test } from 'node:test';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { testFolder } from '../../../test/platform/vault-parts.ts';
import { store } from '../migrations/2026-11-22-1700-store.ts';
import { vault } from '../migrations/2026-11-22-1720-vault.ts';
import { openMasterKey } from './file-master-key.ts';
import { rotateMasterKey } from './rotate.ts';
import { keepSecret, readSecret, readVersions, wrappedSecrets } from './secrets.ts';
import { rotateSigningKey, signingKey, verifyKeys } from './signing-keys.ts';

const server = await startTestServer();
const { db } = await server.database([store, vault]);
const masterKey = await openMasterKey(testFolder());

describe('a secret', () => {
  test('is kept wrapped, in versions', async () => {
    assert.equal(await readSecret(db, masterKey, 'webhook'), undefined);
    assert.equal(await keepSecret(db, masterKey, 'webhook', Buffer.from('first')), 1);
    assert.equal(await keepSecret(db, masterKey, 'webhook', Buffer.from('second')), 2);
    assert.equal((await readSecret(db, masterKey, 'webhook'))?.value.toString(), 'second');
    const versions = await readVersions(db, masterKey, 'webhook');
    assert.deepEqual(
      versions.map(({ version, value }) => [version, value.toString()]),
      [
        [2, 'second'],
        [1, 'first'],
      ],
    );
    const rows = await db.selectFrom('secrets').select('wrapped').where('name', '=', 'webhook').execute();
    for (const { wrapped } of rows) assert.ok(!wrapped.includes('first') && !wrapped.includes('second'));
  });

  test('that several keep at once is lost by none', async () => {
    const values = Array.from({ length: 10 }, (_, index) => `value ${index}`);
    const kept = await Promise.all(
      values.map((value) => keepSecret(db, masterKey, 'busy', Buffer.from(value))),
    );
    assert.deepEqual(
      [...kept].sort((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
    const versions = await readVersions(db, masterKey, 'busy');
    assert.deepEqual(new Set(versions.map(({ value }) => value.toString())), new Set(values));
  });

  test('cannot be put in place of another', async () => {
    await keepSecret(db, masterKey, 'mine', Buffer.from('mine'));
    await keepSecret(db, masterKey, 'yours', Buffer.from('yours'));
    const { wrapped } = await db
      .selectFrom('secrets')
      .select('wrapped')
      .where('name', '=', 'mine')
      .executeTakeFirstOrThrow();
    await db.updateTable('secrets').set({ wrapped }).where('name', '=', 'yours').execute();
    await assert.rejects(readSecret(db, masterKey, 'yours'), { code: 'E_SECRET_DAMAGED' });
    await db.deleteFrom('secrets').where('name', '=', 'yours').execute();
  });
});

describe('a signing key', () => {
  test('is made once, however many ask', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => signingKey(db, masterKey, 'permits')));
    assert.equal(new Set(keys.map(({ fingerprint }) => fingerprint)).size, 1);
    assert.equal(keys[0]?.version, 1);
    const other = await signingKey(db, masterKey, 'ledger');
    assert.notEqual(other.fingerprint, keys[0]?.fingerprint);
  });

  test('is rotated, and what the older one signed still verifies', async () => {
    const old = await signingKey(db, masterKey, 'webhooks');
    const message = Buffer.from('signed');
    const signature = sign(null, message, old.privateKey);
    const fresh = await rotateSigningKey(db, masterKey, 'webhooks');
    assert.equal(fresh.version, 2);
    assert.equal((await signingKey(db, masterKey, 'webhooks')).fingerprint, fresh.fingerprint);
    const keys = await verifyKeys(db, masterKey, 'webhooks');
    assert.deepEqual(
      keys.map(({ version, fingerprint }) => [version, fingerprint]),
      [
        [2, fresh.fingerprint],
        [1, old.fingerprint],
      ],
    );
    assert.deepEqual(
      keys.map(({ publicKey }) => verify(null, message, publicKey, signature)),
      [false, true],
    );
  });
});

describe('the rotation of the master key', () => {
  test('wraps all secrets again, and leaves what is current', async () => {
    const total = (await db.selectFrom('secrets').select('name').execute()).length;
    const before = await signingKey(db, masterKey, 'ledger');
    assert.deepEqual(await rotateMasterKey(db, masterKey, [wrappedSecrets]), new Map([['secrets', total]]));
    const rows = await db.selectFrom('secrets').select('wrapped').execute();
    assert.ok(rows.every(({ wrapped }) => masterKey.isCurrent(wrapped)));
    assert.equal((await signingKey(db, masterKey, 'ledger')).fingerprint, before.fingerprint);
    const again = await db
      .transaction()
      .execute((tx) => wrappedSecrets.rewrap(tx, async (w) => (masterKey.isCurrent(w) ? undefined : w)));
    assert.equal(again, 0);
  });

  test('changes nothing in a store where it fails', async () => {
    await keepSecret(db, masterKey, 'zz damaged', Buffer.from('x'));
    await db
      .updateTable('secrets')
      .set({ wrapped: Buffer.from('nonsense') })
      .where('name', '=', 'zz damaged')
      .execute();
    const rows = () => db.selectFrom('secrets').selectAll().orderBy('name').orderBy('version').execute();
    const before = await rows();
    await assert.rejects(rotateMasterKey(db, masterKey, [wrappedSecrets]), { code: 'E_SECRET_DAMAGED' });
    assert.deepEqual(await rows(), before);
    assert.equal((await signingKey(db, masterKey, 'ledger')).version, 1, 'the older key still unwraps');
  });
});
