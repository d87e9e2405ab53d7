import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { page, pageOf, pageQuery } from '../http/paging.ts';
import { notFound } from '../http/problem.ts';
import { route, type Route } from '../http/route.ts';
import { append } from '../ledger/ledger.ts';
import type { Platform } from '../platform.ts';
import type { DatabaseTransaction } from '../store/database.ts';
import { atRow, everybody, idParams, visibleSites, workers } from './access.ts';
import { caseView, toCase } from './views.ts';

const newCase = z.strictObject({
  site: z.string().min(1).max(63),
  use: z.string().min(1).max(63),
  title: z.string().trim().min(1).max(300),
  dueAt: z.iso.datetime().optional(),
});

const changes = z
  .strictObject({
    title: z.string().trim().min(1).max(300),
    state: z.enum(['open', 'closed']),
    dueAt: z.iso.datetime().nullable(),
    owner: z.uuid(),
  })
  .partial();

/** Cases: what gathers everything about one matter. */
export function caseRoutes({ db, uses, now }: Platform): Route[] {
  return [
    route({
      method: 'GET',
      path: '/cases',
      id: 'listCases',
      tag: 'Cases',
      summary: 'Cases at the sites you work at, newest first',
      access: { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' },
      query: pageQuery.extend({
        state: z.enum(['open', 'closed']).optional(),
        use: z.string().max(63).optional(),
        site: z.string().max(63).optional(),
      }),
      answer: pageOf(caseView),
      handle: async ({ query, principal }) => {
        let wanted = db.selectFrom('cases').selectAll('cases');
        const sites = visibleSites(principal);
        if (sites !== undefined) wanted = wanted.where('site_id', 'in', [...sites]);
        if (query.state !== undefined) wanted = wanted.where('state', '=', query.state);
        if (query.use !== undefined) wanted = wanted.where('use', '=', query.use);
        if (query.site !== undefined) wanted = wanted.where('site_id', '=', query.site);
        const { items, next } = await page(wanted, 'cases', query);
        return { body: { items: items.map(toCase), ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      method: 'POST',
      path: '/cases',
      id: 'openCase',
      tag: 'Cases',
      summary: 'Open a case',
      access: {
        kind: 'role',
        roles: workers,
        scope: 'write',
        at: async ({ body }) => {
          const { site } = body as z.output<typeof newCase>;
          const row = await db.selectFrom('sites').select('id').where('id', '=', site).executeTakeFirst();
          return row?.id;
        },
      },
      body: newCase,
      answer: caseView,
      status: 201,
      handle: async ({ body, principal }) => {
        if (!uses.includes(body.use)) throw unknownUse(uses);
        const row = await db.transaction().execute(async (tx) => {
          const opened = await tx
            .insertInto('cases')
            .values({
              id: randomUUID(),
              site_id: body.site,
              use: body.use,
              title: body.title,
              owner_id: principal.personId,
              state: 'open',
              due_at: body.dueAt === undefined ? null : new Date(body.dueAt),
            })
            .returningAll()
            .executeTakeFirstOrThrow();
          await append(tx, {
            kind: 'case.opened',
            at: now(),
            actor: principal.personId,
            siteId: body.site,
            subjects: { case: opened.id },
          });
          return opened;
        });
        return {
          body: toCase(row),
          headers: { etag: etag(row.version), location: `/api/v1/cases/${row.id}` },
        };
      },
    }),
    route({
      method: 'GET',
      path: '/cases/:id',
      id: 'getCase',
      tag: 'Cases',
      summary: 'One case',
      access: atRow(db, 'cases', everybody, 'read'),
      params: idParams,
      answer: caseView,
      handle: async ({ params }) => {
        const row = await db.selectFrom('cases').selectAll().where('id', '=', params.id).executeTakeFirst();
        if (row === undefined) throw notFound();
        return { body: toCase(row), headers: { etag: etag(row.version) } };
      },
    }),
    route({
      method: 'PATCH',
      path: '/cases/:id',
      id: 'changeCase',
      tag: 'Cases',
      summary: 'Change a case that nobody changed since you saw it',
      access: atRow(db, 'cases', workers, 'write'),
      params: idParams,
      body: changes,
      answer: caseView,
      handle: async ({ params, body, headers, principal }) => {
        const seen = seenVersion(headers['if-match']);
        const row = await db.transaction().execute(async (tx) => {
          const changed = await tx
            .updateTable('cases')
            .set((eb) => ({
              ...(body.title === undefined ? {} : { title: body.title }),
              ...(body.owner === undefined ? {} : { owner_id: body.owner }),
              ...(body.dueAt === undefined
                ? {}
                : { due_at: body.dueAt === null ? null : new Date(body.dueAt) }),
              ...(body.state === undefined
                ? {}
                : { state: body.state, closed_at: body.state === 'closed' ? now() : null }),
              version: eb('version', '+', 1),
            }))
            .where('id', '=', params.id)
            .where('version', '=', seen)
            .returningAll()
            .executeTakeFirst();
          if (changed === undefined) throw changedSince();
          if (body.owner !== undefined) await checkOwner(tx, body.owner, changed.site_id);
          await append(tx, {
            kind: body.state === 'closed' ? 'case.closed' : 'case.changed',
            at: now(),
            actor: principal.personId,
            siteId: changed.site_id,
            subjects: { case: changed.id },
            facts: { version: changed.version },
          });
          return changed;
        });
        return { body: toCase(row), headers: { etag: etag(row.version) } };
      },
    }),
  ];
}

function etag(version: number): string {
  return `"${version}"`;
}

/** @throws TidewaiterError `E_MATCH_REQUIRED`, `E_REQUEST`. */
function seenVersion(ifMatch: string | undefined): number {
  if (ifMatch === undefined)
    throw new TidewaiterError(
      'E_MATCH_REQUIRED',
      'The change does not say what it is based on',
      'Send the ETag of what you saw as If-Match.',
    );
  const [, version] = /^"(\d{1,9})"$/.exec(ifMatch) ?? [];
  if (version === undefined)
    throw new TidewaiterError('E_REQUEST', 'If-Match is none of our ETags', 'Send the ETag as it came.');
  return Number(version);
}

/** A case belongs to somebody who can see it. @throws TidewaiterError `E_CASE_OWNER`. */
async function checkOwner(tx: DatabaseTransaction, owner: string, site: string): Promise<void> {
  const there = await tx
    .selectFrom('people')
    .innerJoin('grants', 'grants.person_id', 'people.id')
    .select('people.id')
    .where('people.id', '=', owner)
    .where('people.disabled_at', 'is', null)
    .where('grants.site', 'in', [site, '*'])
    .executeTakeFirst();
  if (there !== undefined) return;
  throw new TidewaiterError(
    'E_CASE_OWNER',
    'The new owner has no role at the site of the case, or no account that is enabled',
    'Choose somebody who works at that site, or give them a role there first.',
  );
}

function unknownUse(uses: readonly string[]): TidewaiterError {
  return new TidewaiterError(
    'E_USE_UNKNOWN',
    'There is no such use, so a case cannot be for it',
    `Use one of: ${uses.join(', ')}.`,
  );
}

function changedSince(): TidewaiterError {
  return new TidewaiterError(
    'E_CHANGED',
    'Somebody changed this since you saw it',
    'Read it again and decide whether your change still holds.',
  );
}
