import type { Selectable } from 'kysely';
import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { route, type Route } from '../http/route.ts';
import { append } from '../ledger/ledger.ts';
import type { Platform } from '../platform.ts';
import type { DatabaseTransaction } from '../store/database.ts';
import { caseKinds, type CaseExtension, type CasesTable } from '../store/tables.ts';
import { receivedAt } from './deadlines.ts';
import { atRow, idParams, workers } from './access.ts';
import {
  caseNumber,
  changedSince,
  checkAssignees,
  checkWorksAt,
  etag,
  numberIsFree,
  seenVersion,
} from './case-checks.ts';
import { caseAssignee, caseView, toCase } from './views.ts';

const changes = z
  .strictObject({
    title: z.string().trim().min(1).max(300),
    number: caseNumber,
    kind: z.enum(caseKinds),
    receivedAt,
    state: z.enum(['open', 'closed']),
    dueAt: z.iso.datetime().describe('Sets or brings forward; to move it back, extend it.'),
    owner: z.uuid(),
    assignees: z.array(caseAssignee).max(50).describe('All of them.'),
  })
  .partial();

/** What is changed about a case: of two who saw the same, the first one's change holds. */
export function caseChangeRoutes({ db, now }: Platform): Route[] {
  return [
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
        const { number, assignees } = body;
        const row = await db.transaction().execute(async (tx) => {
          const before = await lockCase(tx, params.id, seen);
          if (body.dueAt !== undefined && isLater(body.dueAt, before.due_at)) throw needsReason();
          if (number !== undefined) await numberIsFree(tx, before.site_id, number, params.id);
          if (body.owner !== undefined) await checkWorksAt(tx, body.owner, before.site_id);
          if (assignees !== undefined) await checkAssignees(tx, assignees, before.site_id);
          const changed = await tx
            .updateTable('cases')
            .set((eb) => ({
              ...(body.title === undefined ? {} : { title: body.title }),
              ...(number === undefined ? {} : { number }),
              ...(body.kind === undefined ? {} : { kind: body.kind }),
              ...(body.receivedAt === undefined ? {} : { received_at: new Date(body.receivedAt) }),
              ...(assignees === undefined ? {} : { assignees: JSON.stringify(assignees) }),
              ...(body.owner === undefined ? {} : { owner_id: body.owner }),
              ...(body.dueAt === undefined ? {} : { due_at: new Date(body.dueAt) }),
              ...(body.state === undefined
                ? {}
                : { state: body.state, closed_at: body.state === 'closed' ? now() : null }),
              version: eb('version', '+', 1),
            }))
            .where('id', '=', params.id)
            .returningAll()
            .executeTakeFirstOrThrow();
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
    route({
      method: 'POST',
      path: '/cases/:id/extensions',
      id: 'extendCase',
      tag: 'Cases',
      summary: 'Move the deadline back or take it away, and say why; every move stays with the case',
      access: atRow(db, 'cases', workers, 'write'),
      params: idParams,
      body: z.strictObject({
        dueAt: z.iso.datetime().nullable().describe('Null for no deadline.'),
        reason: z.string().trim().min(3).max(1000),
      }),
      answer: caseView,
      handle: async ({ params, body, headers, principal }) => {
        const seen = seenVersion(headers['if-match']);
        const row = await db.transaction().execute(async (tx) => {
          const before = await lockCase(tx, params.id, seen);
          if (body.dueAt !== null && !isLater(body.dueAt, before.due_at))
            throw new TidewaiterError(
              'E_CASE_DEADLINE',
              'An extension leads to a later day than the deadline that there is',
              'Give a later day, or change the deadline of the case.',
            );
          const extension: CaseExtension = {
            from: before.due_at?.toISOString() ?? null,
            to: body.dueAt,
            reason: body.reason,
            by: principal.personId,
            at: now().toISOString(),
          };
          const changed = await tx
            .updateTable('cases')
            .set((eb) => ({
              due_at: body.dueAt === null ? null : new Date(body.dueAt),
              extensions: JSON.stringify([...before.extensions, extension]),
              version: eb('version', '+', 1),
            }))
            .where('id', '=', params.id)
            .returningAll()
            .executeTakeFirstOrThrow();
          await append(tx, {
            kind: 'case.extended',
            at: now(),
            actor: principal.personId,
            siteId: changed.site_id,
            subjects: { case: changed.id },
            facts: { version: changed.version, extensions: changed.extensions.length },
          });
          return changed;
        });
        return { body: toCase(row), headers: { etag: etag(row.version) } };
      },
    }),
  ];
}

/** The case as somebody saw it, theirs alone until the transaction ends. @throws TidewaiterError `E_CHANGED`. */
async function lockCase(tx: DatabaseTransaction, id: string, seen: number): Promise<Selectable<CasesTable>> {
  const row = await tx
    .selectFrom('cases')
    .selectAll()
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row?.version !== seen) throw changedSince();
  return row;
}

/** Whether a deadline would move back. Setting the first one does not. */
function isLater(wanted: string, dueAt: Date | null): boolean {
  return dueAt !== null && Date.parse(wanted) > dueAt.getTime();
}

function needsReason(): TidewaiterError {
  return new TidewaiterError(
    'E_CASE_DEADLINE',
    'A deadline is moved back by an extension only, which says why',
    'Extend the deadline and give the reason.',
  );
}
