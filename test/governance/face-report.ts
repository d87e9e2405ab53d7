import { clusteredTest, type ClusteredTest } from '../../material/clustered-scores.ts';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { generateSigningKeyPem, parseSigningKey, publicKeyPem } from '../../src/core/signing-key.ts';
import { testPlanSchema } from '../../src/governance/faces/plan.ts';
import type { FaceTestClaims } from '../../src/governance/faces/schema.ts';
import { signReport } from '../../src/governance/faces/sign.ts';
import { computeReport } from '../../src/uses/faces/report/compute.ts';
import { modelDigest } from './permit-office.ts';

const lab = parseSigningKey(generateSigningKeyPem(), 'the lab');
export const labKey = publicKeyPem(lab.publicKey);

/** Coarse enough for a test of a few people to be as large as planned. */
const plan = testPlanSchema.parse({
  ...{ targetFmr: 0.1, targetFnmr: 0.2, mated: { perSubject: 10 }, nonmated: { perSubject: 50 } },
});

/** The `report.json` of a fair test of a model, as a lab would sign it; and of others. */
export function faceReport(
  made: Partial<ClusteredTest> = {},
  change: (claims: FaceTestClaims) => Partial<FaceTestClaims> = () => ({}),
  key = lab,
): string {
  const { scores: normal, ...rest } = clusteredTest({
    ...{ seed: 'fair', groups: 2, subjects: 60, matedPerSubject: 10, nonmated: 3000 },
    ...{ fmr: 0.1, ratio: 1, fnmr: 0.2, subjectEffect: 0.1, ...made },
  });
  // In the middle of the range that the use is registered for.
  const comparisons = { ...rest, scores: normal.map((score) => score + 0.45) };
  const scores = {
    ...({
      comparisons,
      format: 'table',
      sha256: [],
      quality: [],
      simulated: false,
      repeatedRows: 0,
    } as const),
  };
  const claims: FaceTestClaims = {
    ...{ format: 'tidewaiter-face-test-1', tool: { name: 'tidewaiter', version: '1.0.0' } },
    ...{ madeAt: new Date().toISOString(), inputs: [] },
    tested: { model: modelDigest, camera: 'gate 4', purpose: 'boarding' },
    ...computeReport({ scores, transactions: undefined, searches: undefined }, plan),
  };
  return `${canonicalJson(signReport({ ...claims, ...change(claims) }, key))}\n`;
}
