import { randomUUID } from 'node:crypto';
import { createGunzip } from 'node:zlib';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { page, pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { notFound } from '../../../platform/http/problem.ts';
import { route, type Answer, type Route } from '../../../platform/http/route.ts';
import { append } from '../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../platform/platform.ts';
import { atRow, everybody, idParams, visibleSites } from '../../../platform/routes/access.ts';
import { redactionInput, whereAskedFor } from '../asked.ts';
import { findProfile } from '../profile.ts';
import { readEdits, selectReviews } from '../records.ts';
import { findReview, readers } from './access.ts';
import { applyEdits, replay } from './apply.ts';
import { notAnalysed, type BaseStore } from './base-store.ts';
import { reviewDoubts } from './doubts.ts';
import { doubtView, reviewTag, reviewView, toReview } from './views.ts';

/** Reviews: starting one, and what it shows. */
export function reviewRoutes(platform: Platform, bases: BaseStore): Route[] {
  const { db, jobs, kinds, now } = platform;
  return [
    route({
      method: 'POST',
      path: '/redaction/reviews',
      id: 'startReview',
      tag: 'Redaction review',
      summary: 'Analyse an asset, so that people can review what is proposed',
      access: whereAskedFor(db),
      body: redactionInput,
      answer: reviewView,
      status: 202,
      handle: async ({ body, principal }) => {
        const kind = kinds.get('redaction.analyse');
        if (kind === undefined) throw new TypeError('the queue of analyses is missing');
        const id = randomUUID();
        const row = await db.transaction().execute(async (tx) => {
          const asset = await tx
            .selectFrom('assets')
            .select(['case_id', 'site_id', 'erased_at', 'role'])
            .where('id', '=', body.asset)
            .executeTakeFirst();
          if (asset === undefined || asset.erased_at !== null || asset.role !== 'original') throw notFound();
          const { case_id: caseId, site_id: siteId } = asset;
          const by = principal.personId;
          const input = { review: id, asset: body.asset };
          const job = await jobs.enqueue(tx, { kind, siteId, caseId, input, by });
          await tx
            .insertInto('redaction_reviews')
            .values({
              ...{ id, site_id: siteId, case_id: caseId, asset_id: body.asset, profile: body.profile },
              reasons: body.reasons ?? null,
              state: 'analysing',
              second_person: findProfile(body.profile).secondPerson,
              job_id: job,
              created_by: by,
            })
            .execute();
          await append(tx, {
            kind: 'redaction.review-started',
            at: now(),
            actor: by,
            siteId,
            subjects: { case: caseId, asset: body.asset, review: id, job },
            facts: { profile: body.profile },
          });
          return findReview(tx, id);
        });
        return { body: toReview(row), headers: { location: `/api/v1/redaction/reviews/${id}` } };
      },
    }),
    route({
      method: 'GET',
      path: '/redaction/reviews',
      id: 'listReviews',
      tag: 'Redaction review',
      summary: 'Reviews at the sites you work at, newest first',
      access: { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' },
      query: pageQuery.extend({ case: z.uuid().optional(), asset: z.uuid().optional() }),
      answer: pageOf(reviewView),
      handle: async ({ query, principal }) => {
        let wanted = selectReviews(db);
        const sites = visibleSites(principal);
        if (sites !== undefined) wanted = wanted.where('redaction_reviews.site_id', 'in', [...sites]);
        if (query.case !== undefined) wanted = wanted.where('redaction_reviews.case_id', '=', query.case);
        if (query.asset !== undefined) wanted = wanted.where('redaction_reviews.asset_id', '=', query.asset);
        const { items, next } = await page(wanted, 'redaction_reviews', query);
        return { body: { items: items.map(toReview), ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      method: 'GET',
      path: '/redaction/reviews/:id',
      id: 'getReview',
      tag: 'Redaction review',
      summary: 'One review: where it is, and its revision',
      access: atRow(db, 'redaction_reviews', everybody, 'read'),
      params: idParams,
      answer: reviewView,
      handle: async ({ params }) => {
        const row = await findReview(db, params.id);
        return { body: toReview(row), headers: { etag: reviewTag(row) } };
      },
    }),
    route({
      method: 'GET',
      path: '/redaction/reviews/:id/base',
      id: 'readReviewBase',
      tag: 'Redaction review',
      summary: 'What the analysis proposed, and the rules for edits; it never changes',
      access: atRow(db, 'redaction_reviews', readers, 'read'),
      params: idParams,
      handle: ({ params, headers, principal }) => readBase(platform, params.id, headers, principal.personId),
    }),
    route({
      method: 'GET',
      path: '/redaction/reviews/:id/plan',
      id: 'readReviewPlan',
      tag: 'Redaction review',
      summary: 'The plan that a review, or one of its releases, amounts to now',
      access: atRow(db, 'redaction_reviews', readers, 'read'),
      params: idParams,
      query: z.object({ release: z.string().max(40).optional() }),
      answer: z.record(z.string(), z.unknown()),
      handle: async ({ params, query }) => {
        const review = await findReview(db, params.id);
        const base = await bases.read(review.base_asset_id);
        const edits = await readEdits(db, review.id, { upTo: review.revision });
        return { body: { ...applyEdits(base, edits, query.release) }, headers: { etag: reviewTag(review) } };
      },
    }),
    route({
      method: 'GET',
      path: '/redaction/reviews/:id/doubts',
      id: 'listDoubts',
      tag: 'Redaction review',
      summary: 'Spots at which something may have been missed, open ones and the most urgent first',
      access: atRow(db, 'redaction_reviews', readers, 'read'),
      params: idParams,
      answer: z.object({ revision: z.int(), items: z.array(doubtView) }),
      handle: async ({ params }) => {
        const review = await findReview(db, params.id);
        const base = await bases.read(review.base_asset_id);
        const state = replay(base, await readEdits(db, review.id, { upTo: review.revision }));
        const items = reviewDoubts(base, state).map((doubt) => ({ ...doubt, box: [...doubt.box] }));
        return { body: { revision: review.revision, items } };
      },
    }),
  ];
}

/** The vault keeps it compressed; most callers can take it so. */
async function readBase(
  { db, vault, now }: Platform,
  id: string,
  headers: Readonly<Record<string, string | undefined>>,
  personId: string,
): Promise<Answer<Readable | undefined>> {
  const review = await findReview(db, id);
  const { base_asset_id: assetId } = review;
  if (assetId === null) throw notAnalysed();
  const asset = await db
    .selectFrom('assets')
    .select('sha256')
    .where('id', '=', assetId)
    .executeTakeFirstOrThrow();
  const etag = `"${asset.sha256}"`;
  const common = { etag, 'cache-control': 'private, no-cache', vary: 'accept-encoding' };
  const sealed = await vault.open(assetId);
  if (headers['if-none-match']?.includes(etag) === true) {
    sealed.destroy();
    return { status: 304, headers: common, body: undefined };
  }
  await db.transaction().execute((tx) =>
    append(tx, {
      kind: 'redaction.review-viewed',
      at: now(),
      actor: personId,
      siteId: review.site_id,
      subjects: { case: review.case_id, asset: review.asset_id, review: id },
    }),
  );
  const json = { ...common, 'content-type': 'application/json; charset=utf-8' };
  if (headers['accept-encoding']?.includes('gzip') === true)
    return { headers: { ...json, 'content-encoding': 'gzip' }, body: sealed };
  const plain = createGunzip();
  sealed.on('error', (error) => plain.destroy(error)).pipe(plain);
  return { headers: json, body: plain };
}
