import { loadPolicy } from './load.ts';
import { builtInPolicies } from './policies.ts';
import type { Policy } from './policy.ts';

/**
 * The policies that an installation enforces: the built-in ones, and those of the agency. Files are read each time, so
 * that nothing is decided by a policy that is gone or was changed.
 * @param files of the setting `policies`.
 * @throws TidewaiterError `E_POLICY`, `E_NOT_FOUND`.
 */
export async function enforcedPolicies(files: readonly string[]): Promise<readonly Policy[]> {
  return [...builtInPolicies, ...(await Promise.all(files.map(loadPolicy)))];
}
