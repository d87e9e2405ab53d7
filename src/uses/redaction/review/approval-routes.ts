import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { TidewaiterError } from '../../../core/errors.ts';
import { route, type Route } from '../../../platform/http/route.ts';
import { append } from '../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../platform/platform.ts';
import { atRow, idParams, workers } from '../../../platform/routes/access.ts';
import type { DatabaseTransaction } from '../../../platform/store/database.ts';
import { readEdits, stateOf, type ReviewRow } from '../records.ts';
import { approvers, checkPerson, checkRevision, checkState, findReview, lockReview } from './access.ts';
import { replay } from './apply.ts';
import type { BaseStore } from './base-store.ts';
import { reviewDoubts } from './doubts.ts';
import { reviewFinding } from './base.ts';
import { reviewView, toReview } from './views.ts';

const revision = z.int().min(0).describe('What was looked at.');
const reason = z.string().trim().min(3).max(4000);

/** From the last edit to what may be rendered. */
export function approvalRoutes({ db, now }: Platform, bases: BaseStore): Route[] {
  const tell = (tx: DatabaseTransaction, review: ReviewRow, kind: string, actor: string): Promise<void> =>
    append(tx, {
      kind,
      at: now(),
      actor,
      siteId: review.site_id,
      subjects: { case: review.case_id, asset: review.asset_id, review: review.id },
      facts: { revision: review.revision },
    });
  const decide = async (
    tx: DatabaseTransaction,
    review: ReviewRow,
    decision: { readonly disposition: 'approved' | 'returned'; readonly reason: string; readonly by: string },
  ): Promise<void> => {
    if (review.finding_id === null) throw new TypeError('a review waits without a finding');
    const { disposition, by } = decision;
    await tx
      .insertInto('decisions')
      .values({
        ...{ id: randomUUID(), finding_id: review.finding_id, disposition },
        ...{ reason: decision.reason, decided_by: by },
      })
      .execute();
    await tx
      .updateTable('redaction_reviews')
      .set({ state: disposition === 'approved' ? 'approved' : 'open' })
      .where('id', '=', review.id)
      .execute();
    await tell(tx, review, `redaction.${disposition}`, by);
  };

  return [
    route({
      method: 'POST',
      path: '/redaction/reviews/:id/submit',
      id: 'submitReview',
      tag: 'Redaction review',
      summary: 'End editing: to a second person where the profile asks for one, otherwise to rendering',
      access: atRow(db, 'redaction_reviews', workers, 'write'),
      params: idParams,
      body: z.strictObject({ revision }),
      answer: reviewView,
      handle: async ({ params, body, principal }) => {
        checkPerson(principal);
        const { base_asset_id: baseId } = await findReview(db, params.id);
        const base = await bases.read(baseId);
        const row = await db.transaction().execute(async (tx) => {
          const review = await lockReview(tx, params.id);
          checkState(stateOf(review), ['open'], 'submitted');
          checkRevision(review, body.revision);
          const by = principal.personId;
          const doubts = reviewDoubts(base, replay(base, await readEdits(tx, review.id)));
          const open = doubts.filter(({ verdict }) => verdict === 'open').length;
          const waits = review.second_person;
          const finding = waits ? randomUUID() : null;
          if (finding !== null)
            await tx
              .insertInto('findings')
              .values({
                id: finding,
                site_id: review.site_id,
                case_id: review.case_id,
                use: 'redaction',
                kind: reviewFinding,
                score: null,
                reasons: JSON.stringify([
                  'A review waits for somebody who edited nothing in it.',
                  `${open} of ${doubts.length} doubtful spots were not looked at.`,
                ]),
                evidence: JSON.stringify({
                  review: review.id,
                  asset: review.asset_id,
                  revision: review.revision,
                }),
                models: JSON.stringify(base.plan.models.map(({ id, digest }) => ({ id, digest }))),
              })
              .execute();
          await tx
            .updateTable('redaction_reviews')
            .set({
              state: waits ? 'waiting-for-approval' : 'approved',
              finding_id: finding,
              submitted_by: by,
            })
            .where('id', '=', review.id)
            .execute();
          await tell(tx, review, 'redaction.submitted', by);
          return findReview(tx, review.id);
        });
        return { body: toReview(row) };
      },
    }),
    route({
      method: 'POST',
      path: '/redaction/reviews/:id/approve',
      id: 'approveReview',
      tag: 'Redaction review',
      summary: 'Approve what others did; never your own edits',
      access: atRow(db, 'redaction_reviews', approvers, 'write'),
      params: idParams,
      body: z.strictObject({ revision, reason }),
      answer: reviewView,
      handle: async ({ params, body, principal }) => {
        checkPerson(principal);
        const by = principal.personId;
        const row = await db.transaction().execute(async (tx) => {
          const review = await lockReview(tx, params.id);
          checkState(stateOf(review), ['waiting-for-approval'], 'approved');
          checkRevision(review, body.revision);
          await checkSecondPerson(tx, review, by);
          await decide(tx, review, { disposition: 'approved', reason: body.reason, by });
          return findReview(tx, review.id);
        });
        return { body: toReview(row) };
      },
    }),
    route({
      method: 'POST',
      path: '/redaction/reviews/:id/return',
      id: 'returnReview',
      tag: 'Redaction review',
      summary: 'Give a review back to those who edit it, and say why',
      access: atRow(db, 'redaction_reviews', approvers, 'write'),
      params: idParams,
      body: z.strictObject({ reason }),
      answer: reviewView,
      handle: async ({ params, body, principal }) => {
        checkPerson(principal);
        const row = await db.transaction().execute(async (tx) => {
          const review = await lockReview(tx, params.id);
          checkState(stateOf(review), ['waiting-for-approval'], 'returned');
          const by = principal.personId;
          await decide(tx, review, { disposition: 'returned', reason: body.reason, by });
          return findReview(tx, review.id);
        });
        return { body: toReview(row) };
      },
    }),
    route({
      method: 'POST',
      path: '/redaction/reviews/:id/reopen',
      id: 'reopenReview',
      tag: 'Redaction review',
      summary: 'Edit a review again; what was rendered stays, and the next release takes a new approval',
      access: atRow(db, 'redaction_reviews', workers, 'write'),
      params: idParams,
      answer: reviewView,
      handle: async ({ params, principal }) => {
        checkPerson(principal);
        const row = await db.transaction().execute(async (tx) => {
          const review = await lockReview(tx, params.id);
          checkState(stateOf(review), ['waiting-for-approval', 'approved', 'released'], 'opened again');
          await tx
            .updateTable('redaction_reviews')
            .set({ state: 'open', finding_id: null, submitted_by: null })
            .where('id', '=', review.id)
            .execute();
          await tell(tx, review, 'redaction.reopened', principal.personId);
          return findReview(tx, review.id);
        });
        return { body: toReview(row) };
      },
    }),
  ];
}

/** @throws TidewaiterError `E_REVIEW_OWN`. */
async function checkSecondPerson(tx: DatabaseTransaction, review: ReviewRow, by: string): Promise<void> {
  const own = await tx
    .selectFrom('redaction_edits')
    .select('seq')
    .where('review_id', '=', review.id)
    .where('made_by', '=', by)
    .limit(1)
    .executeTakeFirst();
  if (own === undefined && review.submitted_by !== by) return;
  throw new TidewaiterError(
    'E_REVIEW_OWN',
    'Who edited or submitted a review does not approve it',
    'Ask another supervisor or the privacy office.',
  );
}
