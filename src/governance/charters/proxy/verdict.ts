import { z } from 'zod';
import { decodePublicKey, keyFingerprint, type SigningKey } from '../../../core/signing-key.ts';
import { version } from '../../../core/version.ts';
import { holds, signatureFields, signClaims } from '../../signed-claims.ts';
import { protectedAttributes, type ProtectedAttribute } from '../attributes.ts';
import { usualBounds, type ProxyResult } from './proxies.ts';

const estimate = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });

/** What the test of one field against one attribute found, as whoever made the test signs it. */
export const proxyTestSchema = z.strictObject({
  claims: z.strictObject({
    format: z.literal('tidewaiter-proxy-test-1'),
    tool: z.strictObject({ name: z.literal('tidewaiter'), version: z.string() }),
    /** As the charter calls it: the column of the table had this name. */
    field: z.string().min(1),
    attribute: z.enum(protectedAttributes),
    on: z.iso.date(),
    /** SHA-256 of the table, which is not kept. */
    table: z.string().regex(/^[0-9a-f]{64}$/),
    n: z.int().min(0),
    verdict: z.enum(['within', 'beyond', 'not-estimable']),
    measure: z.enum(['cramers-v', 'correlation-ratio']),
    association: estimate.optional(),
    auc: estimate.extend({ group: z.string() }).optional(),
    why: z.string(),
  }),
  ...signatureFields,
});
export type ProxyTest = z.infer<typeof proxyTestSchema>;

export function signProxyTest(
  { field, verdict, measure, association, auc, n, why }: ProxyResult,
  tested: { readonly attribute: ProtectedAttribute; readonly on: string; readonly table: string },
  key: SigningKey,
): ProxyTest {
  const figures = {
    ...(association === undefined ? {} : { association }),
    ...(auc === undefined ? {} : { auc }),
  };
  return signClaims(
    {
      ...{ format: 'tidewaiter-proxy-test-1' as const, tool: { name: 'tidewaiter' as const, version } },
      ...{ ...tested, field, n, verdict, measure, ...figures, why },
    },
    key,
  );
}

/** Whether what a test says is what the key that it names signed. Whose key that is, is for the policies to say. */
export function isWhole(test: ProxyTest): boolean {
  return holds(test);
}

/** Whether the field may be used by this test: it says so, and its figures lie within the bounds of today. */
export function isWithin({ claims: { verdict, association, auc } }: ProxyTest): boolean {
  return (
    verdict === 'within' &&
    association !== undefined &&
    auc !== undefined &&
    association.high <= usualBounds.association &&
    auc.high <= usualBounds.auc
  );
}

/** Fingerprint of the key that signed a test. */
export function testerOf({ publicKey }: ProxyTest): string | undefined {
  const key = decodePublicKey(publicKey);
  return key === undefined ? undefined : keyFingerprint(key);
}
