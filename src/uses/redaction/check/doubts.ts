import type { Seconds } from '../../../core/time.ts';
import type { RedactionPlan } from '../plan.ts';
import type { Draft } from './rank.ts';

/** What the decoded file tells that the plan does not. */
export interface ClipTimes {
  readonly first: Seconds;
  readonly last: Seconds;
  /** First frames after a cut. */
  readonly cuts: readonly Seconds[];
}

/** Spots of a plan at which something may have been missed. */
export function planDoubts(_plan: RedactionPlan, _clip: ClipTimes): Draft[] {
  return [];
}
