import { stat } from 'node:fs/promises';
import { toErrorReport, TidewaiterError } from '../../core/errors.ts';
import { loadPolicy } from './load.ts';
import { builtInPolicies } from './policies.ts';
import type { Policy } from './policy.ts';

/**
 * The policies that an installation enforces: the built-in ones, and those of the agency. Files are read each time, so
 * that nothing is decided by a policy that is gone or was changed.
 * @param files of the setting `policies`.
 * @throws TidewaiterError `E_POLICY_FILE`.
 */
export async function enforcedPolicies(files: readonly string[]): Promise<readonly Policy[]> {
  return [...builtInPolicies, ...(await Promise.all(files.map(policyOfAgency)))];
}

/**
 * A policy that the settings name. Whoever meets a fault of it has mostly not written it.
 * @throws TidewaiterError `E_POLICY_FILE`.
 */
export async function policyOfAgency(path: string): Promise<Policy> {
  return loadPolicy(path).catch((error: unknown) => {
    const { message } = toErrorReport(error);
    throw new TidewaiterError(
      'E_POLICY_FILE',
      `A policy of the agency cannot be used: ${message}`,
      'Put the file right as docs/charters.md says, or take it out of policies in the settings and start again.',
      { cause: error },
    );
  });
}

/**
 * As {@link enforcedPolicies}, to be asked each second: files are read again when one of them is another than before, and the
 * answer is the same list as long as none is.
 */
export function policiesAsTheyAre(files: readonly string[]): () => Promise<readonly Policy[]> {
  let known: { readonly marks: string; readonly policies: Promise<readonly Policy[]> } | undefined;
  return async () => {
    const marks = (await Promise.all(files.map(markOf))).join();
    if (known?.marks !== marks) known = { marks, policies: enforcedPolicies(files) };
    return known.policies;
  };
}

/** Changes with the file, its rights too, and though somebody gives it back its old time. What is wrong with one that is not there is told by whoever reads it. */
async function markOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? '' : `${found.ino} ${found.size} ${found.ctimeNs}`;
}
