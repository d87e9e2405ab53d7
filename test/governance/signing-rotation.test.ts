import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { signPermit, verifySigned } from '../../src/core/permit.ts';
import { publicKeyPem, verifyBytes, type KeyKind } from '../../src/core/signing-key.ts';
import { openCheckpoint, signCheckpoint } from '../../src/governance/log/checkpoint.ts';
import { store } from '../../src/platform/migrations/2026-11-22-1700-store.ts';
import { vault } from '../../src/platform/migrations/2026-11-22-1720-vault.ts';
import { openMasterKey } from '../../src/platform/secrets/file-master-key.ts';
import {
  outsideFips,
  rotateSigningKey,
  signingKey,
  verifyKeys,
} from '../../src/platform/secrets/signing-keys.ts';
import { isSigned } from '../../web/app/pages/admin/ledger-proof.ts';
import { startTestServer } from '../platform/postgres.ts';
import { testFolder } from '../platform/vault-parts.ts';

const server = await startTestServer();
const { db } = await server.database([store, vault]);
const masterKey = await openMasterKey(testFolder());
const at = new Date('2026-11-23T10:00:00.000Z');
const claims = {
  ...{ id: 'p', issuer: 'i', use: 'redaction', purpose: 'release', site: '*' },
  models: [{ id: 'm', digest: 'ab'.repeat(32), threshold: [0, 1] as [number, number] }],
  ...{ notBefore: at.toISOString(), expires: '2026-12-01T00:00:00.000Z' },
};

describe('a signing key rotated under the FIPS profile', () => {
  test('leaves heads and permits from before and after it good, in the browser too', async () => {
    const sign = async (purpose: string, kind: KeyKind) => {
      const key = await signingKey(db, masterKey, purpose, kind);
      const note = signCheckpoint({ origin: 'here', size: 3, root: Buffer.alloc(32, 7), at }, key);
      return { note, permit: signPermit(claims, key.privateKey) };
    };
    const before = await sign('ledger', 'ed25519');
    assert.deepEqual(await outsideFips(db, masterKey), ['ledger']);
    await rotateSigningKey(db, masterKey, 'ledger', 'p256');
    assert.deepEqual(await outsideFips(db, masterKey), []);
    const [fresh, old] = await verifyKeys(db, masterKey, 'ledger');
    assert.ok(fresh !== undefined && old !== undefined);
    assert.equal(fresh.publicKey.asymmetricKeyType, 'ec');
    // Many, since numbers of an ECDSA signature are now and then shorter than 32 bytes.
    const pems = [fresh, old].map(({ publicKey }) => publicKeyPem(publicKey));
    assert.equal(await isSigned(before.note, pems), true);
    for (let turn = 0; turn < 300; turn += 1) {
      const { note } = await sign('ledger', 'p256');
      assert.equal(await isSigned(note, pems.slice(0, 1)), true, note);
      assert.equal(await isSigned(note.replace('3\n', '4\n'), pems.slice(0, 1)), false);
    }
    const now = await sign('ledger', 'p256');
    for (const [one, key, other] of [
      [before, old, fresh],
      [now, fresh, old],
    ] as const) {
      assert.equal(openCheckpoint(one.note, key.publicKey)?.size, 3);
      assert.equal(openCheckpoint(one.note, other.publicKey), undefined);
      verifySigned(one.permit, { publicKey: key.publicKey, now: at });
      assert.throws(() => {
        verifySigned(one.permit, { publicKey: other.publicKey, now: at });
      });
      const signature = Buffer.from(one.permit.signature, 'base64');
      assert.ok(!verifyBytes(Buffer.from(`${canonicalJson(claims)} `), key.publicKey, signature));
    }
  });
});
