import type { Computed } from './compute.ts';

/** A design effect this much above the planned one means that the plan promised more than the test holds. */
const TOLERANCE = 1.25;

/** What a reader must know before using the figures. */
export function notesOn(report: Omit<Computed, 'notes'>): string[] {
  const { plan, counts, groups, all } = report;
  const notes: string[] = [];
  if (report.simulated)
    notes.push('The scores are simulated: nothing here is about real people or a real system.');
  if (counts.nonmated * plan.targetFmr < 30)
    notes.push(
      `${counts.nonmated} non-mated comparisons give about ${Math.round(counts.nonmated * plan.targetFmr)} errors at the target; by the rule of 30 a rate of ${plan.targetFmr} needs ${Math.ceil(30 / plan.targetFmr)}.`,
    );
  if (counts.subjects === null)
    notes.push(
      'The scores do not say whom they compare: intervals take comparisons as independent, and there are no verdicts.',
    );
  if (groups.length === 0) notes.push('The scores do not say to which groups people belong.');
  if (counts.betweenGroups > 0)
    notes.push(
      `${counts.betweenGroups} non-mated comparisons are between groups: they count for the threshold and for the rates over all, not for any group, as they hide the worst cases.`,
    );
  if (counts.repeatedRows > 0)
    notes.push(
      `${counts.repeatedRows} rows equal an earlier row. They were counted; give comparisons an id to rule out repeats.`,
    );
  for (const { name, fmr, fnmr } of groups)
    for (const [kind, measured, planned] of [
      ['FMR', fmr.designEffect, plan.nonmated.designEffect],
      ['FNMR', fnmr.designEffect, plan.mated.designEffect],
    ] as const)
      if (measured !== null && measured > TOLERANCE * planned)
        notes.push(
          `${name}: the design effect of the ${kind} is ${measured.toFixed(1)}, planned for ${planned}: a difference may be missed more often than planned.`,
        );
  if (all.fmr.errors === 0)
    notes.push('No false match happened at the threshold: the rate is bounded by its interval only.');
  notes.push(
    'Intervals are at 95 % and hold at the threshold as it is; that it was found in the same scores is not in them.',
  );
  return notes;
}
