import { z } from 'zod';
import { notFound } from '../../platform/http/problem.ts';
import { route, type Route } from '../../platform/http/route.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Platform } from '../../platform/platform.ts';
import { redactionInput, whereAskedFor } from './asked.ts';
import { approvalRoutes } from './review/approval-routes.ts';
import { BaseStore } from './review/base-store.ts';
import { editRoutes } from './review/edit-routes.ts';
import { followRoutes } from './review/follow-routes.ts';
import { releaseRoutes } from './review/release-routes.ts';
import { reviewRoutes } from './review/review-routes.ts';
import { rulesRoutes } from './rules-routes.ts';
import { similarRoutes } from './review/similar-routes.ts';

/** Redaction through the API. */
export function redactionRoutes(platform: Platform): Route[] {
  const bases = new BaseStore(platform);
  return [
    ...jobRoutes(platform),
    ...rulesRoutes(),
    ...reviewRoutes(platform, bases),
    ...editRoutes(platform, bases),
    ...approvalRoutes(platform, bases),
    ...releaseRoutes(platform, bases),
    ...followRoutes(platform, bases),
    ...similarRoutes(platform, bases),
  ];
}

/** Redaction without anybody looking at what is proposed. */
function jobRoutes({ db, jobs, kinds, now }: Platform): Route[] {
  return [
    route({
      method: 'POST',
      path: '/redaction/jobs',
      id: 'startRedaction',
      tag: 'Redaction',
      summary: 'Redact an asset; the outputs come into its case',
      access: whereAskedFor(db),
      body: redactionInput,
      answer: z.object({ job: z.uuid() }),
      status: 202,
      handle: async ({ body, principal }) => {
        const kind = kinds.get('redaction.redact');
        if (kind === undefined) throw new TypeError('the queue of redactions is missing');
        const job = await db.transaction().execute(async (tx) => {
          const asset = await tx
            .selectFrom('assets')
            .select(['case_id', 'site_id', 'erased_at'])
            .where('id', '=', body.asset)
            .executeTakeFirst();
          if (asset === undefined || asset.erased_at !== null) throw notFound();
          const { case_id: caseId, site_id: siteId } = asset;
          const id = await jobs.enqueue(tx, { kind, siteId, caseId, input: body, by: principal.personId });
          await append(tx, {
            kind: 'redaction.asked',
            at: now(),
            actor: principal.personId,
            siteId,
            subjects: { case: caseId, asset: body.asset, job: id },
            facts: { profile: body.profile },
          });
          return id;
        });
        return { body: { job }, headers: { location: `/api/v1/jobs/${job}` } };
      },
    }),
  ];
}
