/** Kind of the finding that stands for a review which waits for a second person. */
export const reviewFinding = 'redaction-review';

/** Findings that only redaction decides: a word about them elsewhere would approve nothing. */
export const ownFindings: ReadonlyMap<string, string> = new Map([
  [reviewFinding, 'Approve or return the review in the redaction studio.'],
]);
