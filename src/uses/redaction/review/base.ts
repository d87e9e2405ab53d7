import type { Seconds } from '../../../core/time.ts';
import type { RedactionPlan, Region } from '../plan.ts';

/** What the analysis of an asset gave, and what may be done with it: edits build on it, and it never changes. */
export interface ReviewBase {
  readonly format: 'tidewaiter-review';
  readonly version: 1;
  /** What the profile proposes. */
  readonly plan: RedactionPlan;
  readonly clip: {
    /** Presentation times of the first and the last frame. */
    readonly first: Seconds;
    readonly last: Seconds;
    /** Times of first frames after a cut. */
    readonly cuts: readonly Seconds[];
  };
  readonly rules: ReviewRules;
  /** The colours of tracks by the ids of their regions, to compare within this recording; absent for pictures. */
  readonly looks?: Readonly<Record<string, string>>;
  /** What the analysis had to say about the file. */
  readonly notes: readonly string[];
}

/** What edits must keep to. */
export interface ReviewRules {
  /** Styles that the profile allows. */
  readonly styles: readonly Region['style'][];
  /** Classes that regions may have. */
  readonly classes: readonly string[];
  /** The table of reasons; absent when none was chosen, and then no codes are given. */
  readonly reasons?: readonly { readonly code: string; readonly basis: string; readonly text: string }[];
  /** Whether somebody who edited nothing must approve before anything is rendered. */
  readonly secondPerson: boolean;
}

/** Kind of the finding that stands for a review which waits for a second person. */
export const reviewFinding = 'redaction-review';
