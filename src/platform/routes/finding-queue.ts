import { sql } from 'kysely';
import { z } from 'zod';
import { page, pageOf, pageQuery } from '../http/paging.ts';
import { route, type Route } from '../http/route.ts';
import { append } from '../ledger/ledger.ts';
import type { Platform } from '../platform.ts';
import { atRow, everybody, idParams, visibleSites, workers } from './access.ts';
import { changedSince, checkWorksAt } from './case-checks.ts';
import { lockQueued } from './seeded.ts';
import { pageBy, type SortKey } from './ordered.ts';
import { findingView, toFinding } from './views.ts';

/** What is looked at first: the highest score, and among equals what waits longest. */
const mostLikelyFirst: readonly SortKey[] = [
  { by: sql`(-coalesce(findings.score, -1)::double precision)`, type: 'float8' },
  { by: sql`findings.created_at`, type: 'timestamptz' },
  { by: sql`findings.id`, type: 'uuid' },
];

/** The queue of findings, and who looks at which. */
export function findingQueueRoutes({ db, now }: Platform): Route[] {
  return [
    route({
      method: 'GET',
      path: '/findings',
      id: 'listFindings',
      tag: 'Findings',
      summary: 'What is proposed to you, the newest first unless another order is asked for',
      access: { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' },
      query: pageQuery.extend({
        case: z.uuid().optional(),
        use: z.string().max(63).optional(),
        kind: z.string().max(63).optional(),
        score: z.coerce.number().min(0).max(1).optional().describe('Least score.'),
        decided: z.enum(['yes', 'no']).optional(),
        assigned: z
          .enum(['me', 'nobody', 'anybody'])
          .optional()
          .describe('`anybody`: those that somebody has.'),
        order: z
          .enum(['newest', 'score'])
          .default('newest')
          .describe('`score`: the highest first, and among equals what waits longest.'),
      }),
      answer: pageOf(findingView),
      handle: async ({ query, principal }) => {
        let wanted = db.selectFrom('findings_queue as findings').selectAll('findings');
        const sites = visibleSites(principal);
        if (sites !== undefined) wanted = wanted.where('site_id', 'in', [...sites]);
        if (query.case !== undefined) wanted = wanted.where('case_id', '=', query.case);
        if (query.use !== undefined) wanted = wanted.where('use', '=', query.use);
        if (query.kind !== undefined) wanted = wanted.where('kind', '=', query.kind);
        // Kept in single precision: what that cannot hold is an error to the database.
        if (query.score !== undefined) wanted = wanted.where('score', '>=', Math.fround(query.score));
        if (query.assigned === 'me') wanted = wanted.where('assigned_to', '=', principal.personId);
        if (query.assigned === 'nobody') wanted = wanted.where('assigned_to', 'is', null);
        if (query.assigned === 'anybody') wanted = wanted.where('assigned_to', 'is not', null);
        if (query.decided !== undefined) {
          const negated = query.decided === 'no';
          wanted = wanted.where(({ exists, not, selectFrom }) => {
            const any = exists(
              selectFrom('decisions')
                .select('decisions.id')
                .whereRef('decisions.finding_id', '=', 'findings.id'),
            );
            return negated ? not(any) : any;
          });
        }
        const { items, next } =
          query.order === 'newest'
            ? await page(wanted, 'findings', query)
            : await pageBy(wanted, mostLikelyFirst, query);
        return { body: { items: items.map(toFinding), ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      method: 'PUT',
      path: '/findings/:id/assignee',
      id: 'assignFinding',
      tag: 'Findings',
      summary: 'Take a finding, give it to somebody, or give it back; of two who take it at once one does',
      access: atRow(db, 'findings_queue', workers, 'write'),
      params: idParams,
      body: z.strictObject({
        person: z.uuid().nullable().describe('Who looks at it; null gives it back.'),
        seen: z
          .uuid()
          .nullable()
          .describe('Who had it when you looked; refused when it is somebody else now.'),
      }),
      answer: findingView,
      handle: async ({ params, body, principal }) => {
        const row = await db.transaction().execute(async (tx) => {
          const before = await lockQueued(tx, params.id);
          if (before.assigned_to !== body.seen) throw changedSince();
          if (body.person !== null) await checkWorksAt(tx, body.person, before.site_id);
          const changed = await tx
            .updateTable('findings_queue')
            .set({ assigned_to: body.person, assigned_at: body.person === null ? null : now() })
            .where('id', '=', params.id)
            .returningAll()
            .executeTakeFirstOrThrow();
          await append(tx, {
            kind: body.person === null ? 'finding.given-back' : 'finding.assigned',
            at: now(),
            actor: principal.personId,
            siteId: before.site_id,
            subjects: { finding: params.id, ...(body.person === null ? {} : { person: body.person }) },
          });
          return changed;
        });
        return { body: toFinding(row) };
      },
    }),
  ];
}
