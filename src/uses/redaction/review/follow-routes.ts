import { z } from 'zod';
import { route, type Route } from '../../../platform/http/route.ts';
import { append } from '../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../platform/platform.ts';
import { atRow, idParams, workers } from '../../../platform/routes/access.ts';
import { stateOf } from '../records.ts';
import { checkPerson, checkState, findReview, lockReview } from './access.ts';
import type { BaseStore } from './base-store.ts';
import { checkMoment, checkPlace } from './geometry.ts';
import { refusals } from './refusals.ts';

/** The longest way from the box, in seconds, in either direction. */
const FARTHEST = 120;
const USUAL = 20;
/** People wait for it, other than for analyses. */
const URGENT = 10;

const way = z.number().min(0).max(FARTHEST).default(USUAL);

/** Following a box that somebody drew. */
export function followRoutes({ db, jobs, kinds, now }: Platform, bases: BaseStore): Route[] {
  return [
    route({
      method: 'POST',
      path: '/redaction/reviews/:id/follow',
      id: 'followBox',
      tag: 'Redaction review',
      summary: 'Follow what is in a box through the recording; its job tells keyframes as they are found',
      access: atRow(db, 'redaction_reviews', workers, 'jobs'),
      params: idParams,
      body: z.strictObject({
        at: z.number().describe('The moment of the frame that the box was drawn on, seconds.'),
        box: z
          .tuple([z.number(), z.number(), z.number().min(4), z.number().min(4)])
          .describe('x, y, width, height in pixels, tight about the thing.'),
        class: z.string().min(1).max(80).optional().describe('What it is, when that is known.'),
        back: way.describe('Seconds that it is followed back, at most.'),
        ahead: way.describe('Seconds that it is followed ahead, at most.'),
      }),
      answer: z.object({ job: z.uuid() }),
      status: 202,
      handle: async ({ params, body, principal }) => {
        checkPerson(principal);
        const kind = kinds.get('redaction.follow');
        if (kind === undefined) throw new TypeError('the queue of boxes to follow is missing');
        const found = await findReview(db, params.id);
        checkState(stateOf(found), ['open'], 'edited');
        const base = await bases.read(found.base_asset_id);
        if (base.plan.source.kind !== 'video') throw refusals.still();
        const [x, y, width, height] = body.box;
        checkMoment(base, body.at);
        checkPlace(base, 'what is to be followed', { x, y, width, height });
        const { first, last } = base.clip;
        const input = {
          ...{ review: params.id, at: body.at, box: body.box },
          ...(body.class === undefined ? {} : { class: body.class }),
          from: Math.max(first, body.at - body.back),
          to: Math.min(last, body.at + body.ahead),
        };
        const by = principal.personId;
        const job = await db.transaction().execute(async (tx) => {
          const review = await lockReview(tx, params.id);
          checkState(stateOf(review), ['open'], 'edited');
          const { site_id: siteId, case_id: caseId, asset_id: asset } = review;
          const id = await jobs.enqueue(tx, { kind, siteId, caseId, input, by, priority: URGENT });
          await append(tx, {
            kind: 'redaction.follow-asked',
            at: now(),
            actor: by,
            siteId,
            subjects: { case: caseId, asset, review: params.id, job: id },
          });
          return id;
        });
        return { body: { job }, headers: { location: `/api/v1/jobs/${job}` } };
      },
    }),
  ];
}
