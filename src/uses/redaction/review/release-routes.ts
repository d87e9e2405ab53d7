import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { sha256 } from '../../../core/digest.ts';
import { page, pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { notFound } from '../../../platform/http/problem.ts';
import { route, type Route } from '../../../platform/http/route.ts';
import { append } from '../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../platform/platform.ts';
import { atRow, everybody, idParams, workers } from '../../../platform/routes/access.ts';
import { publicKeyPem } from '../../../core/signing-key.ts';
import type { JobState } from '../../../platform/store/tables.ts';
import { formatPlan, type RedactionPlan } from '../plan.ts';
import { readEdits, stateOf, type RedactionReleasesTable } from '../records.ts';
import { checkPerson, checkRevision, checkState, findReview, lockReview, readers } from './access.ts';
import { applyEdits, replay } from './apply.ts';
import type { BaseStore } from './base-store.ts';
import { difference } from './difference.ts';
import { recordKeys } from './release-job.ts';
import { differenceView, releaseView } from './views.ts';

type ReleaseRow = Selectable<RedactionReleasesTable> & { readonly job_state: JobState | null };

/** What is rendered from a review, for whom, and how two of them differ. */
export function releaseRoutes(platform: Platform, bases: BaseStore): Route[] {
  const { db, jobs, kinds, now } = platform;
  const select = () =>
    db
      .selectFrom('redaction_releases')
      .selectAll('redaction_releases')
      .select((eb) =>
        eb
          .selectFrom('jobs')
          .select('jobs.state')
          .whereRef('jobs.id', '=', 'redaction_releases.job_id')
          .as('job_state'),
      );
  const find = async (id: string): Promise<ReleaseRow> => {
    const row = await select().where('redaction_releases.id', '=', id).executeTakeFirst();
    if (row === undefined) throw notFound();
    return row;
  };
  const planOf = async ({ review_id: reviewId, revision, name }: ReleaseRow): Promise<RedactionPlan> => {
    const review = await findReview(db, reviewId);
    const base = await bases.read(review.base_asset_id);
    return applyEdits(base, await readEdits(db, reviewId, { upTo: revision }), name);
  };

  return [
    route({
      method: 'POST',
      path: '/redaction/reviews/:id/releases',
      id: 'renderRelease',
      tag: 'Redaction review',
      summary: 'Render a release of an approved review into its case',
      access: atRow(db, 'redaction_reviews', workers, 'jobs'),
      params: idParams,
      body: z.strictObject({ release: z.string().max(40), revision: z.int().min(0) }),
      answer: releaseView,
      status: 202,
      handle: async ({ params, body, principal }) => {
        checkPerson(principal);
        const kind = kinds.get('redaction.release');
        if (kind === undefined) throw new TypeError('the queue of releases is missing');
        const { base_asset_id: baseId } = await findReview(db, params.id);
        const base = await bases.read(baseId);
        const id = randomUUID();
        await db.transaction().execute(async (tx) => {
          const review = await lockReview(tx, params.id);
          checkState(stateOf(review), ['approved', 'rendering', 'released'], 'rendered');
          checkRevision(review, body.revision);
          const edits = await readEdits(tx, review.id);
          const plan = sha256(formatPlan(applyEdits(base, edits, body.release)));
          const { site_id: siteId, case_id: caseId, asset_id: asset } = review;
          const by = principal.personId;
          const input = { release: id, review: review.id, asset };
          const job = await jobs.enqueue(tx, { kind, siteId, caseId, input, by });
          await tx
            .insertInto('redaction_releases')
            .values({
              ...{ id, review_id: review.id, site_id: siteId, case_id: caseId, name: body.release },
              title: replay(base, edits).releases.get(body.release)?.title ?? body.release,
              ...{ revision: review.revision, plan_sha256: plan, job_id: job, created_by: by },
              ...{ outcome: null, files: null },
            })
            .execute();
          await append(tx, {
            kind: 'redaction.release-asked',
            at: now(),
            actor: by,
            siteId,
            subjects: { case: caseId, asset: review.asset_id, review: review.id, release: id, job },
            facts: { plan, revision: review.revision },
          });
        });
        return {
          body: toRelease(await find(id)),
          headers: { location: `/api/v1/redaction/releases/${id}` },
        };
      },
    }),
    route({
      method: 'GET',
      path: '/redaction/reviews/:id/releases',
      id: 'listReviewReleases',
      tag: 'Redaction review',
      summary: 'What was rendered from a review, newest first',
      access: atRow(db, 'redaction_reviews', everybody, 'read'),
      params: idParams,
      query: pageQuery,
      answer: pageOf(releaseView),
      handle: async ({ params, query }) => {
        const wanted = select().where('redaction_releases.review_id', '=', params.id);
        const { items, next } = await page(wanted, 'redaction_releases', query);
        return { body: { items: items.map(toRelease), ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      method: 'GET',
      path: '/redaction/releases/:id',
      id: 'getReviewRelease',
      tag: 'Redaction review',
      summary: 'One release: its state, its files, and the digest of its plan',
      access: atRow(db, 'redaction_releases', everybody, 'read'),
      params: idParams,
      answer: releaseView,
      handle: async ({ params }) => ({ body: toRelease(await find(params.id)) }),
    }),
    route({
      method: 'GET',
      path: '/redaction/releases/:id/difference',
      id: 'compareReleases',
      tag: 'Redaction review',
      summary: 'Which regions, reasons, spans and sound differ from another release of the same review',
      access: atRow(db, 'redaction_releases', readers, 'read'),
      params: idParams,
      query: z.object({ with: z.uuid().toLowerCase() }),
      answer: differenceView,
      handle: async ({ params, query }) => {
        const [one, other] = [await find(params.id), await find(query.with)];
        if (one.review_id !== other.review_id) throw notFound();
        const { regions, sound } = difference(await planOf(one), await planOf(other));
        return {
          body: {
            regions: regions.map(({ reason, style, span, ...rest }) => ({
              ...rest,
              ...(reason === undefined ? {} : { reason: [...reason] }),
              ...(style === undefined ? {} : { style: [...style] }),
              ...(span === undefined ? {} : { span: span.map((times) => [...times]) }),
            })),
            ...(sound === undefined ? {} : { sound: sound.map((audio) => ({ ...audio })) }),
          },
        };
      },
    }),
    route({
      method: 'GET',
      path: '/redaction/record-keys',
      id: 'listRecordKeys',
      tag: 'Redaction review',
      summary: 'Public keys that the records of releases verify with, newest first',
      access: { kind: 'signed-in', scope: 'read' },
      answer: z.object({ items: z.array(z.object({ fingerprint: z.string(), pem: z.string() })) }),
      handle: async () => {
        await platform.keys.signing(recordKeys);
        const keys = await platform.keys.verifying(recordKeys);
        const items = keys.map(({ fingerprint, publicKey }) => ({
          fingerprint,
          pem: publicKeyPem(publicKey),
        }));
        return { body: { items } };
      },
    }),
  ];
}

function toRelease(row: ReleaseRow): z.input<typeof releaseView> {
  const ended = row.job_state !== 'queued' && row.job_state !== 'running' && row.job_state !== 'done';
  return {
    ...{ id: row.id, review: row.review_id, case: row.case_id, name: row.name, title: row.title },
    revision: row.revision,
    state: row.outcome ?? (ended ? 'failed' : 'rendering'),
    ...{ plan: row.plan_sha256, job: row.job_id, files: row.files },
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
  };
}
