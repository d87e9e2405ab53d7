import { reviewFinding } from './base.ts';

/** Findings that only redaction decides: a word about them elsewhere would approve nothing. */
export const ownFindings: ReadonlyMap<string, string> = new Map([
  [reviewFinding, 'Approve or return the review in the redaction studio.'],
]);
