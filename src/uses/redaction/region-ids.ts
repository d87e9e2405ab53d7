import type { Proposal } from './proposal.ts';

/** Longest name of a class that is kept whole in an id. */
const LONGEST = 60;

/**
 * The proposals with ids that a plan can hold: letters, digits, `_`, `.` and `-`, each id once. Built-in classes need no
 * change; registered models may call their classes anything, also `head` or `traffic light`.
 * @param reserved ids that are taken already.
 */
export function withPlanIds(proposals: readonly Proposal[], reserved: readonly string[]): Proposal[] {
  const taken = new Set(reserved);
  return proposals.map((proposal) => {
    const wanted = proposal.id.replaceAll(/[^\w.-]/g, '_').slice(-LONGEST);
    let id = wanted;
    for (let copy = 2; taken.has(id); copy += 1) id = `${wanted}_${copy}`;
    taken.add(id);
    return { ...proposal, id };
  });
}
