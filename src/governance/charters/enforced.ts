import { stat } from 'node:fs/promises';
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

/** Changes with the file. What is wrong with one that is not there is told by whoever reads it. */
async function markOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeNs}`;
}
