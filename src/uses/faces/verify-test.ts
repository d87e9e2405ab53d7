import type { KeyObject } from 'node:crypto';
import { TidewaiterError } from '../../core/errors.ts';
import { readTest, type TestFiles } from './read/test-data.ts';
import { differences, type Difference } from './report/compare.ts';
import { computeReport } from './report/compute.ts';
import type { FaceTestClaims, SignedFaceTest } from '../../governance/faces/schema.ts';
import { isSignedBy } from '../../governance/faces/sign.ts';

/** What came of checking a report by its data. */
export interface FaceTestCheck {
  /** `unasked` when no key was given. */
  readonly signature: 'good' | 'wrong' | 'unsigned' | 'unasked';
  /** Every figure that differs, and every file that is not the one reported. */
  readonly differences: readonly Difference[];
}

/**
 * Computes a report again from its data, and compares every figure.
 * @throws TidewaiterError as `readTest`, and `E_FACE_FILES` unless the files are as many as the report names.
 */
export async function verifyFaceTest(
  report: SignedFaceTest,
  files: TestFiles,
  publicKey: KeyObject | undefined,
): Promise<FaceTestCheck> {
  const { format: _, tool: __, madeAt: ___, tested: ____, inputs, ...reported } = report.claims;
  checkRoles(inputs, files);
  const read = await readTest(files, reported.plan);
  const digests = (of: FaceTestClaims['inputs']): Record<string, string> =>
    Object.fromEntries(of.map(({ role, sha256 }) => [role, sha256]));
  return {
    signature: signatureOf(report, publicKey),
    differences: [
      ...differences(digests(inputs), digests(read.inputs), 'inputs'),
      ...differences(reported, computeReport(read.data, reported.plan)),
    ],
  };
}

function signatureOf(report: SignedFaceTest, publicKey: KeyObject | undefined): FaceTestCheck['signature'] {
  if (report.signature === null) return 'unsigned';
  if (publicKey === undefined) return 'unasked';
  return isSignedBy(report, publicKey) ? 'good' : 'wrong';
}

const roles = ['scores', 'nonmated', 'transactions', 'searches'] as const;

function checkRoles(inputs: FaceTestClaims['inputs'], files: TestFiles): void {
  for (const role of roles) {
    const named = inputs.find((input) => input.role === role);
    if ((named === undefined) === (files[role] === undefined)) continue;
    throw new TidewaiterError(
      'E_FACE_FILES',
      named === undefined
        ? `The report does not rest on a file of ${role}`
        : `The report rests on a file of ${role} too: ${named.file}`,
      named === undefined ? `Leave --${role} away.` : `Give it with --${role}.`,
    );
  }
}
