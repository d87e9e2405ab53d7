import type { FaceTestClaims } from './schema.ts';

/**
 * What a report says of bias. One group that is worse fails it; it passes when of at least two groups none is found to be,
 * by a test as large as planned.
 */
export function biasVerdict({ groups }: FaceTestClaims): 'passed' | 'failed' | 'not-estimable' {
  const said = groups.flatMap(({ verdict: { fmr, fnmr } }) => [fmr.verdict, fnmr.verdict]);
  if (said.includes('worse')) return 'failed';
  return groups.length > 1 && !said.includes('not-estimable') ? 'passed' : 'not-estimable';
}
