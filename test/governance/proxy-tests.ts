import { generateSigningKeyPem, keyFingerprint, parseSigningKey } from '../../src/core/signing-key.ts';
import type { ProtectedAttribute } from '../../src/governance/charters/attributes.ts';
import type { Policy } from '../../src/governance/charters/policy.ts';
import { signProxyTest, type ProxyTest } from '../../src/governance/charters/proxy/verdict.ts';
import type { ProxyResult } from '../../src/governance/charters/proxy/proxies.ts';

/** Whoever an agency trusts with tests of proxies. */
export const tester = parseSigningKey(generateSigningKeyPem(), 'a tester');

/** A policy that asks for nothing but a purpose and names whose tests count. */
export const testersPolicy: Policy = {
  ...{ schema: 1, id: 'testers', version: '1', title: 'Who tests', issuer: 'Port', effective: '2020-01-01' },
  source: 'Order 1',
  proxyTesters: [keyFingerprint(tester.publicKey)],
  provisions: [
    { id: 'purpose', title: 'x', section: '1', shownBy: { charter: ['purpose'] }, waivable: false },
  ],
};

/** Tests of a field against attributes, as the software signs them when it finds nothing. */
export function proxyTests(
  field: string,
  attributes: readonly ProtectedAttribute[],
  on: string,
  change: Partial<ProxyResult> = {},
  key = tester,
): ProxyTest[] {
  const result: ProxyResult = {
    ...{ field, verdict: 'within', measure: 'cramers-v', n: 900, why: 'x' },
    ...{ association: { value: 0.05, low: 0, high: 0.1 } },
    ...{ auc: { value: 0.5, low: 0.45, high: 0.55, group: 'a' } },
    ...change,
  };
  return attributes.map((attribute) => signProxyTest(result, { attribute, on, table: 'ab'.repeat(32) }, key));
}
