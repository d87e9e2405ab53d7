import { canonicalJson } from '../../core/canonical-json.ts';
import { sha256 } from '../../core/digest.ts';
import type { Role } from '../../platform/people/roles.ts';

/** A case that is graded: a finding as it would come, and what somebody well trained would decide. */
export interface TrainingCase {
  readonly id: string;
  /** What the machine proposes, with its score where it gives one. */
  readonly finding: string;
  readonly evidence: readonly string[];
  /** Id of the right choice; told with the result only. */
  readonly answer: string;
  readonly why: string;
}

/** A training module as data. Raise `version` with every change: what people passed is a version. */
export interface TrainingModule {
  readonly id: string;
  readonly version: number;
  readonly use: string;
  readonly title: string;
  /** Whose training it is. */
  readonly roles: readonly Role[];
  /** Cases of one attempt, drawn from all of them. */
  readonly draws: number;
  /** Least share of right answers, 0..1. */
  readonly passShare: number;
  readonly validMonths: number;
  readonly lessons: readonly { readonly title: string; readonly text: readonly string[] }[];
  /** What a case may be answered with. */
  readonly choices: readonly { readonly id: string; readonly label: string }[];
  readonly cases: readonly TrainingCase[];
}

/** SHA-256 of all of it, answers included: what was passed can be shown later. */
export function moduleDigest(module: TrainingModule): string {
  return sha256(canonicalJson(module));
}

/** Right answers that are needed. */
export function passMark({ draws, passShare }: TrainingModule): number {
  return Math.ceil(draws * passShare);
}
