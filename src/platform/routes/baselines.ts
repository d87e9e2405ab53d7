import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { route, type Route } from '../http/route.ts';
import { append } from '../ledger/ledger.ts';
import type { Platform } from '../platform.ts';
import { everybody } from './access.ts';

const baseline = z
  .object({
    use: z.string(),
    minutes: z.number().describe('Minutes that one item took by hand.'),
    source: z.string().describe('Where the figure comes from, in the words of the agency.'),
    setBy: z.uuid(),
    setAt: z.iso.datetime(),
  })
  .meta({ id: 'Baseline' });

const params = z.object({ use: z.string().min(1).max(63) });
const setting = { kind: 'role', roles: ['admin'], scope: 'settings', at: 'everywhere' } as const;

/** What the same work took by hand: without it nobody can say what was saved. */
export function baselineRoutes({ db, uses, now }: Platform): Route[] {
  return [
    route({
      method: 'GET',
      path: '/baselines',
      id: 'listBaselines',
      tag: 'Today',
      summary: 'What one item of each use took by hand, as far as the agency measured it',
      access: { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' },
      answer: z.object({ items: z.array(baseline) }),
      handle: async () => {
        const rows = await db.selectFrom('baselines').selectAll().orderBy('use').execute();
        const items = rows.map(({ use, minutes, source, set_by: setBy, set_at: at }) => ({
          ...{ use, minutes, source, setBy },
          setAt: at.toISOString(),
        }));
        return { body: { items } };
      },
    }),
    route({
      method: 'PUT',
      path: '/baselines/:use',
      id: 'setBaseline',
      tag: 'Today',
      summary: 'Say what one item of a use takes by hand, and who measured it',
      access: setting,
      params,
      body: z.strictObject({
        minutes: z.number().positive().max(100_000),
        source: z.string().trim().min(3).max(1000),
      }),
      status: 204,
      handle: async ({ params: { use }, body, principal }) => {
        if (!uses.includes(use))
          throw new TidewaiterError(
            'E_USE_UNKNOWN',
            'There is no such use',
            `Use one of: ${uses.join(', ')}.`,
          );
        const row = { ...body, set_by: principal.personId, set_at: now() };
        await db.transaction().execute(async (tx) => {
          await tx
            .insertInto('baselines')
            .values({ use, ...row })
            .onConflict((taken) => taken.column('use').doUpdateSet(row))
            .execute();
          await append(tx, {
            kind: 'baseline.set',
            at: now(),
            actor: principal.personId,
            subjects: {},
            facts: { use, minutes: body.minutes },
          });
        });
        return { body: undefined };
      },
    }),
    route({
      method: 'DELETE',
      path: '/baselines/:use',
      id: 'removeBaseline',
      tag: 'Today',
      summary: 'Take back what was said about work by hand',
      access: setting,
      params,
      status: 204,
      handle: async ({ params: { use }, principal }) => {
        await db.transaction().execute(async (tx) => {
          const { numDeletedRows } = await tx
            .deleteFrom('baselines')
            .where('use', '=', use)
            .executeTakeFirst();
          if (numDeletedRows === 0n) return;
          await append(tx, {
            kind: 'baseline.removed',
            at: now(),
            actor: principal.personId,
            subjects: {},
            facts: { use },
          });
        });
        return { body: undefined };
      },
    }),
  ];
}
