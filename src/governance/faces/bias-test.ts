import { sha256 } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { keyFingerprint, parseVerifyKey } from '../../core/signing-key.ts';
import { FACE_BIAS, recordTest } from '../permits/evidence.ts';
import type { Governed } from '../permits/seals.ts';
import { isSignedBy, parseReport } from './sign.ts';
import { biasVerdict } from './verdict.ts';

/** Permits rest on tests that find a group with this many times the others' errors, with this chance: docs/face-testing.md. */
const LARGEST_RATIO = 2;
const LEAST_POWER = 0.8;
const DIGEST = /^[0-9a-f]{64}$/;

/** A report that somebody vouches for: who signed it is who they say tested. */
export interface FaceTestReport {
  readonly use: string;
  /** `report.json`, unchanged. */
  readonly report: string;
  /** Of the lab that must have signed it, as PEM. */
  readonly publicKey: string;
  /** At most 36 months after the report was made. */
  readonly expires: Date;
  readonly by: string;
  readonly now: Date;
}

/**
 * Records a test of a model for bias from the report of a lab: the only way in which one is recorded. Its verdict counts, so
 * that a failed one suspends the use.
 * @throws TidewaiterError `E_FACE_REPORT`, `E_FACE_TEST`, `E_VERIFY_KEY`, `E_GOVERNANCE`.
 */
export async function recordFaceTest(
  governed: Governed,
  { use, report: text, publicKey, expires, by, now }: FaceTestReport,
): Promise<{ readonly id: string; readonly suspension?: string }> {
  const report = parseReport(text, 'The report');
  const key = parseVerifyKey(publicKey, 'The key of the lab');
  const { claims } = report;
  const { model: modelDigest } = claims.tested;
  const testedAt = new Date(claims.madeAt);
  const { ratio, power } = claims.plan;
  if (!isSignedBy(report, key))
    throw refused('The report is not what the key of the lab signed', 'Give it as the lab wrote it.');
  if (claims.simulated)
    throw refused('The scores are simulated, and say nothing of a model', 'Test the model.');
  if (modelDigest === null || !DIGEST.test(modelDigest))
    throw refused('The report names no model by its SHA-256', 'Test again with --model and the digest.');
  if (testedAt > now) throw refused('The report is of a day to come', 'Set the clocks right.');
  if (ratio > LARGEST_RATIO || power < LEAST_POWER)
    throw refused(
      `It was planned to find a group ${ratio} times as bad with a chance of ${power}`,
      `Plan for a ratio of at most ${LARGEST_RATIO} and a power of at least ${LEAST_POWER}.`,
    );
  const verdict = biasVerdict(claims);
  if (verdict === 'not-estimable')
    throw refused('The report says "not estimable"', 'Test as many people of each group as planned.');
  return recordTest(governed, {
    ...{ use, kind: FACE_BIAS, modelDigest, reportDigest: sha256(text), passed: verdict === 'passed' },
    ...{ publisher: keyFingerprint(key), threshold: claims.threshold, testedAt, expires, by, now },
  });
}

function refused(what: string, remedy: string): TidewaiterError {
  return new TidewaiterError('E_FACE_TEST', what, remedy);
}
