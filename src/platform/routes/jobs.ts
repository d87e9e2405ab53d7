import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { page, pageOf, pageQuery } from '../http/paging.ts';
import { notFound } from '../http/problem.ts';
import { route, type Answer, type Route } from '../http/route.ts';
import { append } from '../ledger/ledger.ts';
import type { Platform } from '../platform.ts';
import { atRow, everybody, idParams, visibleSites, workers } from './access.ts';
import { jobView, toJob } from './views.ts';

const states = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
const EVENT_MS = 500;
/** Proxies close what is silent for a minute. */
const SILENT_MS = 15_000;

/** Jobs as people see them. Uses have their own routes to start them. */
export function jobRoutes({ db, jobs, now }: Platform): Route[] {
  const find = async (id: string) => {
    const row = await db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw notFound();
    return row;
  };
  return [
    route({
      method: 'GET',
      path: '/jobs',
      id: 'listJobs',
      tag: 'Jobs',
      summary: 'Jobs at the sites you work at, newest first; those that failed say why',
      access: { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' },
      query: pageQuery.extend({ state: z.enum(states).optional(), case: z.uuid().optional() }),
      answer: pageOf(jobView),
      handle: async ({ query, principal }) => {
        let wanted = db.selectFrom('jobs').selectAll('jobs');
        const sites = visibleSites(principal);
        if (sites !== undefined) wanted = wanted.where('site_id', 'in', [...sites]);
        if (query.state !== undefined) wanted = wanted.where('state', '=', query.state);
        if (query.case !== undefined) wanted = wanted.where('case_id', '=', query.case);
        const { items, next } = await page(wanted, 'jobs', query);
        return { body: { items: items.map(toJob), ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      method: 'GET',
      path: '/jobs/:id',
      id: 'getJob',
      tag: 'Jobs',
      summary: 'One job: how far it is, what came of it',
      access: atRow(db, 'jobs', everybody, 'read'),
      params: idParams,
      answer: jobView,
      handle: async ({ params }) => ({ body: toJob(await find(params.id)) }),
    }),
    route({
      method: 'GET',
      path: '/jobs/:id/events',
      id: 'watchJob',
      tag: 'Jobs',
      summary: 'The job each time it changes, as server-sent events, until it has ended',
      access: atRow(db, 'jobs', everybody, 'read'),
      params: idParams,
      handle: ({ params, signal }): Promise<Answer<Readable>> => {
        async function* events(): AsyncGenerator<string> {
          let [told, silent] = ['', 0];
          while (!signal.aborted) {
            const job = toJob(await find(params.id));
            const text = JSON.stringify(job);
            if (text !== told) {
              yield `event: job\ndata: ${text}\n\n`;
              [told, silent] = [text, 0];
            } else if ((silent += EVENT_MS) >= SILENT_MS) {
              yield ': still here\n\n';
              silent = 0;
            }
            if (job.finishedAt !== null) return;
            await sleep(EVENT_MS, undefined, { signal }).catch(() => undefined);
          }
        }
        return Promise.resolve({
          body: Readable.from(events()),
          headers: {
            'content-type': 'text/event-stream',
            'cache-control': 'no-store',
            'x-accel-buffering': 'no',
          },
        });
      },
    }),
    route({
      method: 'POST',
      path: '/jobs/:id/cancel',
      id: 'cancelJob',
      tag: 'Jobs',
      summary: 'Stop a job that has not ended',
      access: atRow(db, 'jobs', workers, 'jobs'),
      params: idParams,
      answer: jobView,
      handle: async ({ params, principal }) => {
        await db.transaction().execute(async (tx) => {
          if (!(await jobs.cancel(tx, params.id))) return;
          const { site_id: siteId, case_id: caseId } = await tx
            .selectFrom('jobs')
            .select(['site_id', 'case_id'])
            .where('id', '=', params.id)
            .executeTakeFirstOrThrow();
          await append(tx, {
            kind: 'job.cancelled',
            at: now(),
            actor: principal.personId,
            siteId,
            subjects: { job: params.id, ...(caseId === null ? {} : { case: caseId }) },
          });
        });
        return { body: toJob(await find(params.id)) };
      },
    }),
  ];
}
