import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { page, pageOf, pageQuery } from '../http/paging.ts';
import { notFound } from '../http/problem.ts';
import { route, type Route } from '../http/route.ts';
import { append } from '../ledger/ledger.ts';
import type { Platform } from '../platform.ts';
import { atRow, everybody, idParams, onlyPeople, workers } from './access.ts';
import { changedSince } from './case-checks.ts';
import { decideSeed, lockQueued, seededView } from './seeded.ts';
import { decisionView, findingView, releaseView, toDecision, toFinding, toRelease } from './views.ts';

const text = (most: number) => z.string().trim().min(3).max(most);

/** One finding, what people decided about it, and what was released. A finding is never a decision. */
export function findingRoutes({ db, settings, ownFindings, now }: Platform): Route[] {
  return [
    route({
      method: 'GET',
      path: '/findings/:id',
      id: 'getFinding',
      tag: 'Findings',
      summary: 'One finding with its reasons, and all decisions about it, the one that holds first',
      access: atRow(db, 'findings_queue', everybody, 'read'),
      params: idParams,
      answer: findingView.extend({ decisions: z.array(decisionView) }),
      handle: async ({ params }) => {
        const row = await db
          .selectFrom('findings_queue')
          .selectAll()
          .where('id', '=', params.id)
          .executeTakeFirst();
        if (row === undefined) throw notFound();
        const decisions = await db
          .selectFrom('decisions')
          .selectAll()
          .where('finding_id', '=', params.id)
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .execute();
        return { body: { ...toFinding(row), decisions: decisions.map(toDecision) } };
      },
    }),
    route({
      method: 'POST',
      path: '/findings/:id/decisions',
      id: 'decide',
      tag: 'Findings',
      summary: 'Decide about a finding, and say why; an earlier decision stays on record',
      access: atRow(db, 'findings_queue', workers, 'write'),
      params: idParams,
      body: z.strictObject({
        disposition: text(63),
        reason: text(4000),
        seen: z
          .uuid()
          .nullable()
          .optional()
          .describe('The decision that held when you looked, null for none: refused when it is another one.'),
      }),
      answer: decisionView.extend({
        seeded: seededView.optional().describe('There when the finding was put there on purpose.'),
      }),
      status: 201,
      handle: async ({ params, body, principal }) => {
        if (principal.via !== 'session')
          throw new TidewaiterError(
            'E_FORBIDDEN',
            'Programs do not decide',
            'Let a person who is signed in decide.',
          );
        const row = await db.transaction().execute(async (tx) => {
          await lockQueued(tx, params.id);
          const { kind } = await tx
            .selectFrom('findings_queue')
            .select('kind')
            .where('id', '=', params.id)
            .executeTakeFirstOrThrow();
          const remedy = ownFindings.get(kind);
          if (remedy !== undefined)
            throw new TidewaiterError(
              'E_FINDING_OWN',
              `Findings of kind ${kind} are decided where their work is done`,
              remedy,
            );
          const held = await tx
            .selectFrom('decisions')
            .select('id')
            .where('finding_id', '=', params.id)
            .orderBy('created_at', 'desc')
            .orderBy('id', 'desc')
            .executeTakeFirst();
          if (body.seen !== undefined && body.seen !== (held?.id ?? null)) throw changedSince();
          const decision = { finding: params.id, by: principal.personId, ...body };
          const seeded = await decideSeed(tx, decision, settings.governance, now());
          if (seeded !== undefined) return seeded;
          const made = await tx
            .insertInto('decisions')
            .values({
              id: randomUUID(),
              finding_id: params.id,
              disposition: body.disposition,
              reason: body.reason,
              decided_by: principal.personId,
            })
            .returningAll()
            .executeTakeFirstOrThrow();
          await append(tx, {
            kind: 'finding.decided',
            at: now(),
            actor: principal.personId,
            subjects: { finding: params.id, decision: made.id },
            facts: { disposition: body.disposition },
          });
          return toDecision(made);
        });
        return { body: row };
      },
    }),
    route({
      method: 'GET',
      path: '/cases/:id/releases',
      id: 'listReleases',
      tag: 'Releases',
      summary: 'What a case handed over, newest first',
      access: atRow(db, 'cases', everybody, 'read'),
      params: idParams,
      query: pageQuery,
      answer: pageOf(releaseView),
      handle: async ({ params, query }) => {
        const wanted = db.selectFrom('releases').selectAll('releases').where('case_id', '=', params.id);
        const { items, next } = await page(wanted, 'releases', query);
        return { body: { items: items.map(toRelease), ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      method: 'POST',
      path: '/cases/:id/releases',
      id: 'release',
      tag: 'Releases',
      summary: 'Record that an output was handed over, to whom and on what basis',
      access: atRow(db, 'cases', ['officer', 'supervisor', 'privacy', 'admin'], 'write'),
      params: idParams,
      body: z.strictObject({ asset: z.uuid(), recipient: text(300), basis: text(1000) }),
      answer: releaseView,
      status: 201,
      handle: async ({ params, body, principal }) => {
        onlyPeople(principal, 'Programs do not release');
        const row = await db.transaction().execute(async (tx) => {
          const asset = await tx
            .selectFrom('assets')
            .select(['role', 'erased_at', 'site_id'])
            .where('id', '=', body.asset)
            .where('case_id', '=', params.id)
            .executeTakeFirst();
          if (asset === undefined || asset.erased_at !== null) throw notFound();
          if (asset.role !== 'output')
            throw new TidewaiterError(
              'E_RELEASE',
              'Only what was made for release is released, never an original',
              'Choose an output of the case.',
            );
          const made = await tx
            .insertInto('releases')
            .values({
              id: randomUUID(),
              case_id: params.id,
              asset_id: body.asset,
              recipient: body.recipient,
              basis: body.basis,
              released_by: principal.personId,
            })
            .returningAll()
            .executeTakeFirstOrThrow();
          await append(tx, {
            kind: 'asset.released',
            at: now(),
            actor: principal.personId,
            siteId: asset.site_id,
            subjects: { case: params.id, asset: body.asset, release: made.id },
          });
          return made;
        });
        return { body: toRelease(row) };
      },
    }),
  ];
}
