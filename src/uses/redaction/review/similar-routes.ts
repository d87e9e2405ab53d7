import { z } from 'zod';
import { route, type Route } from '../../../platform/http/route.ts';
import { append } from '../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../platform/platform.ts';
import { atRow, idParams } from '../../../platform/routes/access.ts';
import { readEdits } from '../records.ts';
import { findReview, readers } from './access.ts';
import { applyEdits } from './apply.ts';
import type { BaseStore } from './base-store.ts';
import { refusals } from './refusals.ts';
import { similarTo } from './similar.ts';

const similarView = z
  .object({
    region: z.string(),
    class: z.string(),
    start: z.number(),
    end: z.number(),
    score: z.number().describe('0..1, for an order only: it is not calibrated.'),
    says: z.string(),
  })
  .meta({ id: 'RedactionSimilar' });

/**
 * The same person elsewhere in the recording. Both the region and all that it is compared with come out of the one review
 * that the address names, so no other asset can be asked about.
 */
export function similarRoutes({ db, now }: Platform, bases: BaseStore): Route[] {
  return [
    route({
      method: 'GET',
      path: '/redaction/reviews/:id/regions/:region/similar',
      id: 'listSimilarRegions',
      tag: 'Redaction review',
      summary:
        'Regions of the same recording that may show the same person or thing; proposals, the likeliest first',
      access: atRow(db, 'redaction_reviews', readers, 'read'),
      params: idParams.extend({ region: z.string().regex(/^[\w.-]{1,80}$/) }),
      query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(20) }),
      answer: z.object({ revision: z.int(), items: z.array(similarView) }),
      handle: async ({ params, query, principal }) => {
        const review = await findReview(db, params.id);
        const base = await bases.read(review.base_asset_id);
        const { regions } = applyEdits(base, await readEdits(db, review.id, { upTo: review.revision }));
        const region = regions.find(({ id }) => id === params.region);
        if (region === undefined) throw refusals.unknown(`region called ${params.region}`);
        await db.transaction().execute((tx) =>
          append(tx, {
            kind: 'redaction.similar-viewed',
            at: now(),
            actor: principal.personId,
            siteId: review.site_id,
            subjects: { case: review.case_id, asset: review.asset_id, review: review.id },
          }),
        );
        const items = similarTo(base, region, regions).slice(0, query.limit);
        return { body: { revision: review.revision, items } };
      },
    }),
  ];
}
