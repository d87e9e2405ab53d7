import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '../../core/canonical-json.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { keyFingerprint, signBytes, verifyText, type SigningKey } from '../../core/signing-key.ts';
import { signedReportSchema, type FaceTestClaims, type SignedFaceTest } from './schema.ts';

/** @param key undefined for a report that nobody vouches for. */
export function signReport(claims: FaceTestClaims, key: SigningKey | undefined): SignedFaceTest {
  if (key === undefined) return { claims, signature: null, key: null };
  const signature = signBytes(Buffer.from(canonicalJson(claims)), key.privateKey).toString('base64');
  return { claims, signature, key: keyFingerprint(key.publicKey) };
}

/** Whether the holder of the key signed these claims, and the report names that key. */
export function isSignedBy({ claims, signature, key }: SignedFaceTest, publicKey: KeyObject): boolean {
  if (signature === null || key !== keyFingerprint(publicKey)) return false;
  return verifyText(Buffer.from(canonicalJson(claims)), publicKey, signature);
}

/** @throws TidewaiterError `E_FACE_REPORT` for what is no report of this version. */
export function parseReport(text: string, name: string): SignedFaceTest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const parsed = signedReportSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? '' : ` (${issue.path.join('.')})`;
  throw new TidewaiterError(
    'E_FACE_REPORT',
    `${name} is no report of a face test that this version reads${place}`,
    'Give the report.json that tidewaiter governance face-test wrote.',
  );
}
