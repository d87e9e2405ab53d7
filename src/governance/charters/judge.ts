import type { Charter } from './charter.ts';
import { checkCharter, checkTesters } from './check.ts';
import { crosswalk, type CrosswalkLine } from './crosswalk.ts';
import type { Day } from './days.ts';
import { hasErrors, type Finding } from './finding.ts';
import type { Policy } from './policy.ts';
import { checkWaived } from './waivers.ts';

/** What is to be said of a use on a day. */
export interface Judgement {
  readonly findings: readonly Finding[];
  readonly crosswalk: readonly CrosswalkLine[];
  /** Provisions that apply and are due, are not met and not waived. */
  readonly open: readonly CrosswalkLine[];
  /**
   * Whether the use may run as the charter says: no rule is broken, and in pilot or deployed nothing is open. Before that,
   * open provisions are work to do, and it runs for evaluation only.
   */
  readonly mayRun: boolean;
}

/** Whether the charter is of a use that works for real: no permit is given for another. */
export function isRunning({ stage }: Charter): boolean {
  return stage === 'pilot' || stage === 'deployed';
}

export function judgeCharter(charter: Charter, policies: readonly Policy[], on: Day): Judgement {
  const findings = [
    ...checkCharter(charter, on),
    ...checkTesters(charter, policies, on),
    ...checkWaived(charter, policies),
  ];
  const lines = crosswalk(charter, policies, on);
  const open = lines.filter(({ status, due }) => status === 'not-met' && due === undefined);
  const running = isRunning(charter);
  return { findings, crosswalk: lines, open, mayRun: !hasErrors(findings) && !(running && open.length > 0) };
}
