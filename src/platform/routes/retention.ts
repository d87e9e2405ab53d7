import { z } from 'zod';
import { route, type Route } from '../http/route.ts';
import { append } from '../ledger/ledger.ts';
import { commitTo } from '../ledger/words.ts';
import type { Platform } from '../platform.ts';
import { everybody } from './access.ts';

/** A century. */
const LONGEST_DAYS = 36_525;

const retention = z
  .object({
    name: z.string(),
    days: z.int().nullable().describe('Null: never erased.'),
    countsFrom: z.string().describe('`created` or `case-closed`.'),
    description: z.string(),
  })
  .meta({ id: 'RetentionClass' });

/** How long things are kept: an agency changes the classes that are there and adds its own. */
export function retentionRoutes({ db, now }: Platform): Route[] {
  return [
    route({
      method: 'GET',
      path: '/retention-classes',
      id: 'listRetentionClasses',
      tag: 'Assets',
      summary: 'How long assets of each class are kept',
      access: { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' },
      answer: z.object({ items: z.array(retention) }),
      handle: async () => {
        const rows = await db.selectFrom('retention_classes').selectAll().orderBy('name').execute();
        const items = rows.map(({ name, days, counts_from: countsFrom, description }) => ({
          ...{ name, days, countsFrom, description },
        }));
        return { body: { items } };
      },
    }),
    route({
      method: 'PUT',
      path: '/retention-classes/:name',
      id: 'setRetentionClass',
      tag: 'Assets',
      summary:
        'Change how long assets of a class are kept, or add a class; what is over then is erased by housekeeping',
      access: { kind: 'role', roles: ['admin'], scope: 'settings', at: 'everywhere' },
      params: z.object({ name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/) }),
      body: z.strictObject({
        days: z.int().min(0).max(LONGEST_DAYS).nullable().describe('Null: never erased.'),
        countsFrom: z.enum(['created', 'case-closed']),
        description: z.string().trim().min(3).max(300),
        reason: z.string().trim().min(3).max(2000).describe('Kept beside the ledger, which commits to it.'),
      }),
      status: 204,
      handle: async ({ params: { name }, body, principal }) => {
        const { days, countsFrom, description, reason } = body;
        await db.transaction().execute(async (tx) => {
          const before = await tx
            .selectFrom('retention_classes')
            .select('days')
            .where('name', '=', name)
            .forUpdate()
            .executeTakeFirst();
          const row = { days, counts_from: countsFrom, description };
          await tx
            .insertInto('retention_classes')
            .values({ name, ...row })
            .onConflict((taken) => taken.column('name').doUpdateSet(row))
            .execute();
          await append(tx, {
            kind: 'retention.set',
            at: now(),
            actor: principal.personId,
            subjects: {},
            facts: {
              ...{ class: name, days: days ?? 'never', countsFrom, reason: await commitTo(tx, reason) },
              ...(before === undefined ? {} : { daysBefore: before.days ?? 'never' }),
            },
          });
        });
        return { body: undefined };
      },
    }),
  ];
}
