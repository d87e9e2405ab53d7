import { z } from 'zod';
import { page, pageOf, pageQuery } from '../http/paging.ts';
import { notFound } from '../http/problem.ts';
import { route, type Call, type Route } from '../http/route.ts';
import type { Platform } from '../platform.ts';
import { sitesOf } from '../people/roles.ts';
import { resumeService, selectServices, stopService, toService, type Service } from '../services/services.ts';
import { atRow, idParams } from './access.ts';

const moment = z.iso.datetime();

const serviceView = z
  .object({
    id: z.uuid(),
    site: z.string(),
    use: z.string(),
    kind: z.string(),
    wanted: z.enum(['running', 'stopped']).describe('What people want.'),
    state: z.enum(['waiting', 'running', 'failed', 'stopped']).describe('What is.'),
    holder: z.uuid().nullable().describe('The process that runs it.'),
    heartbeatAt: moment.nullable(),
    startedAt: moment.nullable(),
    restarts: z.int().describe('Starts after a failure, or after the process that ran it was lost.'),
    lastError: z
      .object({ code: z.string(), message: z.string(), remedy: z.string() })
      .nullable()
      .describe('Of the last failure, until it has been well for minutes.'),
    note: z.record(z.string(), z.unknown()).nullable().describe('What it says of itself.'),
    createdAt: moment,
  })
  .meta({ id: 'Service' });

/** Work that does not end, such as watching a camera. Uses have their own routes to make and change it. */
export function serviceRoutes({ db, now }: Platform): Route[] {
  const shared = {
    tag: 'Services',
    access: atRow(db, 'services', ['admin'], 'settings'),
    params: idParams,
    answer: serviceView,
  };
  const find = async (id: string) => {
    const row = await selectServices(db).where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw notFound();
    return { body: view(toService(row)) };
  };
  const want =
    (change: typeof stopService) =>
    async ({ params: { id }, principal }: Call<{ id: string }, undefined, undefined>) => {
      await db.transaction().execute((tx) => change(tx, { id, by: principal.personId, at: now() }));
      return find(id);
    };
  return [
    route({
      method: 'GET',
      path: '/services',
      id: 'listServices',
      tag: shared.tag,
      summary: 'Services at the sites you administer, newest first: what is wanted, and how they are',
      access: { kind: 'role', roles: ['admin'], scope: 'settings', at: 'own-sites' },
      query: pageQuery.extend({ use: z.string().max(63).optional() }),
      answer: pageOf(serviceView),
      handle: async ({ query, principal }) => {
        const sites = sitesOf(principal, ['admin']);
        let wanted = selectServices(db);
        if (sites !== '*') wanted = wanted.where('site_id', 'in', [...sites]);
        if (query.use !== undefined) wanted = wanted.where('use', '=', query.use);
        const { items, next } = await page(wanted, 'services', query);
        const services = items.map((row) => view(toService(row)));
        return { body: { items: services, ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      ...shared,
      method: 'POST',
      path: '/services/:id/stop',
      id: 'stopService',
      summary: 'Stop a service; whoever runs it ends it within moments',
      handle: want(stopService),
    }),
    route({
      ...shared,
      method: 'POST',
      path: '/services/:id/start',
      id: 'startService',
      summary: 'Let a service run again that was stopped',
      handle: want(resumeService),
    }),
  ];
}

/** Its settings are not shown: they may hold what opens a camera. */
function view({ siteId, settings: _, heartbeatAt, startedAt, createdAt, note, ...rest }: Service) {
  return {
    ...rest,
    site: siteId,
    note: note as Record<string, unknown> | null,
    heartbeatAt: heartbeatAt?.toISOString() ?? null,
    startedAt: startedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
