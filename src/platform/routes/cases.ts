import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { page, pageOf, pageQuery } from '../http/paging.ts';
import { notFound } from '../http/problem.ts';
import { route, type Route } from '../http/route.ts';
import { append } from '../ledger/ledger.ts';
import type { Platform } from '../platform.ts';
import { caseKinds } from '../store/tables.ts';
import { atRow, everybody, idParams, visibleSites, workers } from './access.ts';
import { caseNumber, checkAssignees, etag, numberIsFree } from './case-checks.ts';
import { receivedAt, usualDeadline } from './deadlines.ts';
import { pageBy, type SortKey } from './ordered.ts';
import { caseAssignee, caseView, toCase } from './views.ts';

const newCase = z.strictObject({
  site: z.string().min(1).max(63),
  use: z.string().min(1).max(63),
  title: z.string().trim().min(1).max(300),
  number: caseNumber.optional().describe('One is made when it is left out.'),
  kind: z.enum(caseKinds).default('internal'),
  receivedAt: receivedAt.optional().describe('Now, when it is left out.'),
  dueAt: z.iso
    .datetime()
    .nullable()
    .optional()
    .describe('As usual for the kind when it is left out; null for none.'),
  assignees: z.array(caseAssignee).max(50).default([]),
});

const byId: SortKey = { by: sql`cases.id`, type: 'uuid' };
const orders = {
  due: [{ by: sql`coalesce(cases.due_at, 'infinity')`, type: 'timestamptz' }, byId],
  received: [{ by: sql`cases.received_at`, type: 'timestamptz' }, byId],
} satisfies Record<string, SortKey[]>;

/** Cases: what gathers everything about one matter. */
export function caseRoutes({ db, uses, now }: Platform): Route[] {
  return [
    route({
      method: 'GET',
      path: '/cases',
      id: 'listCases',
      tag: 'Cases',
      summary: 'Cases at the sites you work at, the newest first unless another order is asked for',
      access: { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' },
      query: pageQuery.extend({
        state: z.enum(['open', 'closed']).optional(),
        use: z.string().max(63).optional(),
        site: z.string().max(63).optional(),
        kind: z.enum(caseKinds).optional(),
        person: z.uuid().optional().describe('Only what they own or are assigned to.'),
        words: z.string().max(200).optional().describe('Part of the title or the number.'),
        dueBefore: z.iso.datetime().optional(),
        order: z
          .enum(['opened', 'due', 'received'])
          .default('opened')
          .describe('`opened`: newest first; `due`: what is due first; `received`: oldest first.'),
      }),
      answer: pageOf(caseView),
      handle: async ({ query, principal }) => {
        let wanted = db.selectFrom('cases').selectAll('cases');
        const sites = visibleSites(principal);
        if (sites !== undefined) wanted = wanted.where('site_id', 'in', [...sites]);
        if (query.state !== undefined) wanted = wanted.where('state', '=', query.state);
        if (query.use !== undefined) wanted = wanted.where('use', '=', query.use);
        if (query.site !== undefined) wanted = wanted.where('site_id', '=', query.site);
        if (query.kind !== undefined) wanted = wanted.where('kind', '=', query.kind);
        if (query.dueBefore !== undefined) wanted = wanted.where('due_at', '<', new Date(query.dueBefore));
        const { person, words, order } = query;
        if (person !== undefined)
          wanted = wanted.where((eb) =>
            eb.or([
              eb('owner_id', '=', person),
              sql<boolean>`assignees @> ${JSON.stringify([{ person: person.toLowerCase() }])}::jsonb`,
            ]),
          );
        if (words !== undefined)
          wanted = wanted.where((eb) =>
            eb.or([eb('title', 'ilike', containing(words)), eb('number', 'ilike', containing(words))]),
          );
        const { items, next } =
          order === 'opened'
            ? await page(wanted, 'cases', query)
            : await pageBy(wanted, orders[order], query);
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
        const { kind, number, receivedAt, dueAt, assignees } = body;
        const row = await db.transaction().execute(async (tx) => {
          const site = await tx
            .selectFrom('sites')
            .select('time_zone')
            .where('id', '=', body.site)
            .executeTakeFirstOrThrow();
          const received = receivedAt === undefined ? now() : new Date(receivedAt);
          if (number !== undefined) await numberIsFree(tx, body.site, number);
          await checkAssignees(tx, assignees, body.site);
          const due =
            dueAt === undefined
              ? (usualDeadline(kind, received, site.time_zone)?.at ?? null)
              : dueAt === null
                ? null
                : new Date(dueAt);
          const opened = await tx
            .insertInto('cases')
            .values({
              id: randomUUID(),
              site_id: body.site,
              use: body.use,
              ...(number === undefined ? {} : { number }),
              kind,
              title: body.title,
              received_at: received,
              owner_id: principal.personId,
              assignees: JSON.stringify(assignees),
              state: 'open',
              due_at: due,
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
  ];
}

/** As much of the pattern language as a person typed by accident. */
function containing(words: string): string {
  return `%${words.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

function unknownUse(uses: readonly string[]): TidewaiterError {
  return new TidewaiterError(
    'E_USE_UNKNOWN',
    'There is no such use, so a case cannot be for it',
    `Use one of: ${uses.join(', ')}.`,
  );
}
