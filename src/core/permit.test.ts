import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import { TidewaiterError } from './errors.ts';
import {
  evaluationPermit,
  permitStamp,
  signedPermitSchema,
  signPermit,
  verifyPermit,
  type ModelUse,
  type PermitClaims,
  type SignedPermit,
} from './permit.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const digest = 'ab'.repeat(32);

const claims: PermitClaims = {
  id: 'permit-7',
  issuer: 'Office of Governance',
  use: 'redaction',
  purpose: 'FOIA requests',
  site: 'port-3',
  models: [{ id: 'faces', digest, threshold: [0.3, 0.8] }],
  notBefore: '2026-01-01T00:00:00Z',
  expires: '2026-02-01T00:00:00Z',
};
const permit = signPermit(claims, privateKey);
const wanted: ModelUse = { modelId: 'faces', digest, use: 'redaction', threshold: 0.5 };
const during = new Date('2026-01-15T00:00:00Z');

function refused(
  code: string,
  given: SignedPermit,
  use: Partial<ModelUse> = {},
  now = during,
  key: typeof publicKey | undefined = publicKey,
): void {
  assert.throws(
    () =>
      verifyPermit(given, { ...wanted, ...use }, { now, ...(key === undefined ? {} : { publicKey: key }) }),
    (error) => error instanceof TidewaiterError && error.code === code && error.message.includes('permit-7'),
  );
}

function allowed(use: Partial<ModelUse>, now: Date): void {
  verifyPermit(permit, { ...wanted, ...use }, { publicKey, now });
}

describe('a signed permit', () => {
  test('survives being written to a file', () => {
    const read = signedPermitSchema.parse(JSON.parse(JSON.stringify(permit)));
    verifyPermit(read, wanted, { publicKey, now: during });
    assert.equal(permitStamp(read), undefined);
  });

  test('holds from its first moment until just before its last', () => {
    allowed({}, new Date(claims.notBefore));
    allowed({}, new Date(Date.parse(claims.expires) - 1));
    refused('E_PERMIT_EARLY', permit, {}, new Date(Date.parse(claims.notBefore) - 1));
    refused('E_PERMIT_EXPIRED', permit, {}, new Date(claims.expires));
  });

  test('holds at both ends of its range of thresholds, not beyond', () => {
    allowed({ threshold: 0.3 }, during);
    allowed({ threshold: 0.8 }, during);
    refused('E_PERMIT_THRESHOLD', permit, { threshold: 0.3 - 1e-9 });
    refused('E_PERMIT_THRESHOLD', permit, { threshold: 0.8 + 1e-9 });
  });

  test('refuses a moment or a threshold that is no number', () => {
    refused('E_PERMIT_THRESHOLD', permit, { threshold: Number.NaN });
    refused('E_PERMIT_EARLY', permit, {}, new Date(Number.NaN));
    const never = signPermit({ ...claims, expires: '2026-01-10T00:00:00Z' }, privateKey);
    refused('E_PERMIT_EXPIRED', never);
  });

  test('binds use, model and weights', () => {
    refused('E_PERMIT_USE', permit, { use: 'watch' });
    refused('E_PERMIT_MODEL', permit, { modelId: 'plates' });
    refused('E_PERMIT_MODEL', permit, { digest: 'cd'.repeat(32) });
  });

  test('needs the key of its issuer, and breaks when any claim is changed', () => {
    assert.throws(
      () => verifyPermit(permit, wanted, { now: during }),
      (error) => error instanceof TidewaiterError && error.code === 'E_PERMIT_KEY',
    );
    refused('E_PERMIT_SIGNATURE', permit, {}, during, generateKeyPairSync('ed25519').publicKey);
    for (const name of ['id', 'issuer', 'use', 'purpose', 'site', 'notBefore', 'expires'] as const) {
      const changed = { ...permit, claims: { ...claims, [name]: `${claims[name]} permit-7` } };
      refused('E_PERMIT_SIGNATURE', changed);
    }
    const wider = { ...claims, models: [{ ...claims.models[0]!, threshold: [0, 1] as [number, number] }] };
    refused('E_PERMIT_SIGNATURE', { ...permit, claims: wider });
    refused('E_PERMIT_SIGNATURE', { ...permit, signature: Buffer.alloc(64).toString('base64') });
    refused('E_PERMIT_SIGNATURE', { ...permit, signature: 'x' });
  });

  test('is not signed when its claims do not fit', () => {
    for (const wrong of [
      { models: [] },
      { expires: 'tomorrow' },
      { models: [{ id: 'faces', digest: 'ABC', threshold: [0, 1] as [number, number] }] },
      { models: [{ id: 'faces', digest, threshold: [0, 1.5] as [number, number] }] },
    ]) {
      assert.throws(() => signPermit({ ...claims, ...wrong }, privateKey));
    }
  });
});

test('the evaluation permit allows everything and stamps what it made', () => {
  verifyPermit(evaluationPermit, { ...wanted, use: 'anything', threshold: 0 }, { now: during });
  assert.equal(permitStamp(evaluationPermit), 'EVALUATION');
});
