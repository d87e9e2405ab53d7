import { TidewaiterError } from '../../../core/errors.ts';
import { notFound } from '../../../platform/http/problem.ts';
import type { Principal, Role } from '../../../platform/people/roles.ts';
import { onlyPeople, workers } from '../../../platform/routes/access.ts';
import type { Database, DatabaseTransaction } from '../../../platform/store/database.ts';
import { selectReviews, type ReviewRow } from '../records.ts';

/** Who reads what a recording shows. */
export const readers: readonly Role[] = [...workers, 'privacy'];
/** Who approves what others did. */
export const approvers: readonly Role[] = ['supervisor', 'privacy'];

/** What is covered is decided by people. */
export function checkPerson(principal: Principal): void {
  onlyPeople(principal, 'Programs do not review');
}

export async function findReview(db: Database | DatabaseTransaction, id: string): Promise<ReviewRow> {
  const row = await selectReviews(db).where('redaction_reviews.id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound();
  return row;
}

/** Holds the review until the transaction ends: whoever changes it comes one after the other. */
export async function lockReview(tx: DatabaseTransaction, id: string): Promise<ReviewRow> {
  await tx.selectFrom('redaction_reviews').select('id').where('id', '=', id).forUpdate().execute();
  return findReview(tx, id);
}

/** @throws TidewaiterError `E_REVIEW_STATE`. */
export function checkState(actual: string, wanted: readonly string[], what: string): void {
  if (wanted.includes(actual)) return;
  throw new TidewaiterError(
    'E_REVIEW_STATE',
    `A review that is ${actual} cannot be ${what}`,
    `It must be ${wanted.join(' or ')}; load it again.`,
  );
}

/** @throws TidewaiterError `E_REVIEW_CHANGED`. */
export function checkRevision({ revision }: ReviewRow, seen: number): void {
  if (revision === seen) return;
  throw new TidewaiterError(
    'E_REVIEW_CHANGED',
    `The review is at revision ${revision}, and you saw ${seen}`,
    'Load what was added, look at it, and do it again.',
  );
}
