import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plan } from '../../../../test/redaction-plan.ts';
import type { SignedPermit } from '../../../core/permit.ts';
import { efforts } from '../../../vision/effort.ts';
import { checkLook } from './index.ts';

function permit(lowest: number): SignedPermit {
  return {
    kind: 'signed',
    signature: 'x',
    claims: {
      id: 'p-1',
      issuer: 'office',
      use: 'redaction',
      purpose: 'release',
      site: 'here',
      models: [{ id: 'coco-ssdlite-int8', digest: '0'.repeat(64), threshold: [lowest, 1] }],
      notBefore: '2026-01-01T00:00:00Z',
      expires: '2027-01-01T00:00:00Z',
    },
  };
}

test('the check lowers thresholds as far as the permit allows, and no further', () => {
  const { objectThreshold, faceThreshold } = efforts.standard;
  const free = checkLook(plan({ profile: 'standard' })).effort;
  assert.ok(free.objectThreshold < objectThreshold && free.faceThreshold < faceThreshold);
  const strict = checkLook(plan({ profile: 'standard' }), undefined, permit(objectThreshold)).effort;
  assert.equal(strict.objectThreshold, objectThreshold);
  const loose = checkLook(plan({ profile: 'standard' }), undefined, permit(0.01)).effort;
  assert.equal(loose.objectThreshold, free.objectThreshold);
});
